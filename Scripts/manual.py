#!/usr/bin/env python3
"""Turns `interhuman --experimental-dump-help` into a man page in mdoc(7), on standard output."""

import json
import re
import sys
import textwrap

SUMMARY = "stream a conversation to Interhuman and print what comes back"


WRAPPING = {"break_long_words": False, "break_on_hyphens": False}


def escape(text):
    """Text as mdoc shows it: no macro, no escape, no line that begins with a control character."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text)


def paragraph(text):
    """Every sentence begins a line, as mdoc wants it."""
    lines = []
    for block in text.strip().split("\n\n"):
        flat = " ".join(block.split())
        sentences = re.split(r"(?<=[.!?]) (?=[A-Z])", flat)
        lines.append([escape(line) for sentence in sentences for line in textwrap.wrap(sentence, 70, **WRAPPING)])
    return lines


def prose(text):
    for number, block in enumerate(paragraph(text)):
        if number:
            yield ".Pp"
        yield from block


def name(option):
    return ("\\-\\-" if option["kind"] == "long" else "\\-") + escape(option["name"])


def value(argument):
    return "" if argument["kind"] == "flag" else " Ar " + escape(argument["valueName"]).replace(" ", "\\~")


def tag(argument):
    if argument["kind"] == "positional":
        return ".It Ar " + escape(argument["valueName"])
    # Negated names of one flag stand side by side, as do short and long ones.
    words = [f"Fl {name(option)[2:]}" for option in argument["names"]]
    return ".It " + " , ".join(words) + value(argument)


def shown(arguments):
    return [a for a in arguments if a.get("shouldDisplay", True) and a["preferredNameText"] not in ("help", "version")]


def describe(argument):
    yield tag(argument)
    yield from prose(argument.get("abstract", "") or "See below.")
    if argument.get("discussion"):
        yield ".Pp"
        yield from prose(argument["discussion"])
    default = argument.get("defaultValue")
    if default is not None and argument["kind"] != "flag":
        yield f"Default: {escape(default)}."


def prepare(command):
    for argument in command.get("arguments", []):
        argument["preferredNameText"] = (argument.get("preferredName") or {}).get("name", argument["valueName"])
    for sub in command.get("subcommands", []):
        prepare(sub)


def command_section(command):
    positionals = [a for a in shown(command.get("arguments", [])) if a["kind"] == "positional"]
    words = " ".join("Ar " + escape(a["valueName"]) for a in positionals)
    yield f".Ss interhuman {escape(command['commandName'])}"
    yield from prose(command.get("abstract", ""))
    yield ".Pp"
    yield f".Nm Cm {escape(command['commandName'])} Op Ar options" + (" " + words if words else "")
    if command.get("discussion"):
        yield ".Pp"
        yield from prose(command["discussion"])
    arguments = shown(command.get("arguments", []))
    if arguments:
        yield ".Bl \\-tag \\-width Ds".replace("\\-", "-")
        for argument in arguments:
            yield from describe(argument)
        yield ".El"


VARIABLES = re.compile(r"^(INTERHUMAN_[A-Z_]+) +(.+)$")


def split_discussion(text):
    """Takes the tables of variables and exit statuses out of the main command's discussion."""
    blocks, variables, statuses = [], [], []
    for block in text.strip().split("\n\n"):
        lines = block.splitlines()
        if any(VARIABLES.match(line.strip()) for line in lines):
            variables += [match.groups() for match in (VARIABLES.match(line.strip()) for line in lines) if match]
        elif block.startswith("Exit status:"):
            flat = " ".join(block.split())[len("Exit status:"):].rstrip(".")
            # Commas inside parentheses separate no statuses.
            for part in re.split(r", (?=\d+ )", flat.strip()):
                number, _, meaning = part.partition(" ")
                statuses.append((number, meaning))
        else:
            blocks.append(block)
    return "\n\n".join(blocks), variables, statuses


def page(command):
    prepare(command)
    discussion, variables, statuses = split_discussion(command.get("discussion", ""))
    subcommands = [c for c in command["subcommands"] if c["commandName"] != "help" and c.get("shouldDisplay", True)]
    yield '.\\" Made by Scripts/manual.sh from the commands\' own help. Do not edit.'
    yield ".Dd $Mdocdate$"
    yield ".Dt INTERHUMAN 1"
    yield ".Os"
    yield ".Sh NAME"
    yield ".Nm interhuman"
    yield f".Nd {SUMMARY}"
    yield ".Sh SYNOPSIS"
    for sub in subcommands:
        positionals = " ".join(
            "Ar " + escape(a["valueName"]) for a in shown(sub.get("arguments", [])) if a["kind"] == "positional")
        yield ".Nm"
        yield f".Cm {escape(sub['commandName'])}"
        yield ".Op Ar options"
        if positionals:
            yield f".{positionals}"
    yield ".Sh DESCRIPTION"
    yield from prose(command["abstract"] + "\n\n" + discussion)
    yield ".Pp"
    yield "Every command has"
    yield ".Fl \\-help ."
    for sub in subcommands:
        yield from command_section(sub)
    yield ".Sh ENVIRONMENT"
    yield ".Bl -tag -width Ds"
    for variable, meaning in variables:
        yield f".It Ev {variable}"
        yield from prose(meaning)
    yield ".It Ev NO_COLOR , FORCE_COLOR , COLORTERM , TERM"
    yield "How many colours the live view has."
    yield ".It Ev LC_ALL , LC_CTYPE , LANG"
    yield "Whether the live view shows more than ASCII."
    yield ".El"
    yield ".Sh EXIT STATUS"
    yield ".Bl -tag -width Ds"
    for number, meaning in statuses:
        yield f".It {number}"
        yield escape(meaning[:1].upper() + meaning[1:]) + "."
    yield ".El"
    yield ".Sh EXAMPLES"
    yield "The camera and the microphone of this machine, for a minute:"
    yield ".Pp"
    yield ".Dl INTERHUMAN_API_KEY=$KEY interhuman stream \\-\\-duration 60"
    yield ".Pp"
    yield "A file, its results for another program:"
    yield ".Pp"
    yield ".Dl interhuman stream \\-\\-input talk.mp4 \\-\\-json | jq .type"
    yield ".Pp"
    yield "Completions for bash:"
    yield ".Pp"
    yield ".Dl interhuman \\-\\-generate\\-completion\\-script bash > ~/.local/share/bash\\-completion/completions/interhuman"


def main():
    for line in page(json.load(sys.stdin)["command"]):
        print(line.rstrip())


main()
