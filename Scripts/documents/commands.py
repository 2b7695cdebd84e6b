"""Commands in documents: programs, options and scripts that they name must exist.

`interhuman …` is compared with what the program itself says of its commands and options; blocks marked sh or bash are
read by bash as well.
"""

import json
import os
import re
import shlex
import subprocess

from . import pages

SHELL = {"", "sh", "bash", "console", "ini", "dockerfile"}
SEPARATORS = re.compile(r"\s(?:\|\||&&|[|;&])(?:\s|$)")
PROMPT = re.compile(r"^(\$ |ExecStart=|RUN )?\s*")
ASSIGNMENT = re.compile(r"^\w+=")
RUNNERS = [["swift", "run", "-c", "release"], ["swift", "run"], ["sudo"], ["exec"]]
INLINE = re.compile(r"`((?:\w+=\S+ )*(?:swift run )?(?:\S*/)?interhuman(?: [^`]+)?)`")


class Program:
    """What `interhuman` takes, in its own words."""

    def __init__(self, path):
        dump = subprocess.run([path, "--experimental-dump-help"], check=True, capture_output=True, text=True).stdout
        self.root = json.loads(dump)["command"]

    def problem(self, words):
        command, name = self.root, "interhuman"
        words = list(words)
        while words and (sub := self.subcommand(command, words[0])):
            command, name = sub, f"{name} {words.pop(0)}"
        arguments = {
            (("-" if form["kind"] == "short" else "--") + form["name"]): argument
            for argument in command.get("arguments", []) for form in argument.get("names", [])
        }
        positionals = sum(argument["kind"] == "positional" for argument in command.get("arguments", []))
        while words:
            word = words.pop(0)
            option, _, value = word.partition("=")
            if word.startswith("-") and word != "-":
                argument = arguments.get(option)
                if argument is None:
                    return f"{name} has no {option}"
                if argument["kind"] == "option" and not value:
                    may_lack = argument.get("parsingStrategy") == "scanningForValue"
                    if words and not (may_lack and words[0].startswith("-")):
                        words.pop(0)
                    elif not may_lack:
                        return f"{name} {option} wants a value"
                    while argument.get("isRepeating") and words and not words[0].startswith("-"):
                        words.pop(0)
            else:
                positionals -= 1
        if positionals < 0:
            return f"{name} takes no such argument or command"
        return None

    @staticmethod
    def subcommand(command, name):
        return next((sub for sub in command.get("subcommands", []) if sub["commandName"] == name), None)


def commands(text):
    """The commands of a block, split as a shell would, without what stands before them."""
    text = re.sub(r"\\\n\s*", " ", text)
    for line in text.splitlines():
        for part in SEPARATORS.split(PROMPT.sub("", line)):
            try:
                words = shlex.split(part.strip(), comments=True)
            except ValueError:
                continue
            while words and (ASSIGNMENT.match(words[0]) or words[0] == "export"):
                words.pop(0)
            for runner in RUNNERS:
                if words[:len(runner)] == runner and (runner[0] != "swift" or words[len(runner):][:1] == ["interhuman"]):
                    words = words[len(runner):]
            if words:
                yield [word for word in words if not re.match(r"^\d?[<>]", word)]


def problem(words, program, declared, tests):
    name = words[0]
    if os.path.basename(name) == "interhuman":
        return program.problem(words[1:])
    if re.match(r"^(?:\./)?Scripts/|^Tests/.*\.sh$", name):
        path = pages.ROOT / name
        return None if os.access(path, os.X_OK) and path.is_file() else f"there is no program {name}"
    if words[:2] == ["swift", "run"]:
        names = [word for word in words[2:] if not word.startswith("-") and word not in ("release", "debug")]
        return None if not names or names[0] in declared else f"Package.swift has no {names[0]}"
    if words[:2] in (["swift", "build"], ["swift", "test"]):
        for option, value in zip(words, words[1:]):
            if option in ("--product", "--target") and value not in declared:
                return f"Package.swift has no {value}"
            if option == "--filter" and not any(re.search(value, test) for test in tests):
                return f"no test is called {value}"
    return None


def check(path):
    program = Program(path)
    declared = set(re.findall(r'name: "([\w-]+)"', (pages.ROOT / "Package.swift").read_text()))
    tests = {name.stem for name in (pages.ROOT / "Tests").rglob("*.swift")} | declared
    for page in pages.pages():
        for block in pages.blocks(page):
            if block.language in ("sh", "bash"):
                done = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, text=True)
                if done.returncode != 0:
                    yield f"{block}: {done.stderr.strip()}"
            if block.language in SHELL:
                for words in commands(block.text):
                    if found := problem(words, program, declared, tests):
                        yield f"{block}: {' '.join(words)}: {found}"
        for number, line in pages.prose(page):
            for match in INLINE.finditer(line):
                for words in commands(re.sub(r"[\[\]…]", "", match[1])):
                    if found := problem(words, program, declared, tests):
                        yield f"{page.relative_to(pages.ROOT)}:{number}: {' '.join(words)}: {found}"
