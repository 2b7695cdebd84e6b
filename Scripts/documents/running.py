"""Commands of `interhuman`, and of curl to it, in documents are run: each as it stands, but for what this machine can't have.

A camera and a microphone are replaced by a test picture and a tone, ports by free ones, the service by a local one, and a
session without an end ends after a few seconds of media. Commands of other programs are not run.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile

from . import commands, pages

#: Options that name what is here only, or is another's; with how many values.
DROPPED = {"--camera": 1, "--microphone": 1, "--size": 1, "--fps": 1, "--silence": 0, "--url": 1, "--ca": 1, "--certificate-directory": 1}
REPLACED = {"--port": "0", "--dashboard": "0", "--duration": "4"}
#: A doctor may find something on this machine, and there may be no sound server; to tell that is what they are for.
ALLOWED = {"doctor": {0, 1}, "devices": {0, 66}}
LOCAL = "http://127.0.0.1:8080"
SECONDS = 120


class Stage:
    """A folder and a local service for the commands of one document."""

    def __init__(self, program):
        self.program = os.path.abspath(program)
        self.folder = tempfile.mkdtemp()
        self.environment = {
            **os.environ, "INTERHUMAN_API_KEY": "any", "HOME": self.folder, "XDG_DATA_HOME": self.folder,
            "XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR", self.folder), "SVT_LOG": "1",
        }
        self.service = self.start(["serve", "--plain", "--control"])
        self.environment["INTERHUMAN_URL"] = re.search(r'"url":"([^"]+)"', self.service.stdout.readline())[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop(self.service)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, words):
        return subprocess.Popen(
            [self.program, *words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    @staticmethod
    def stop(process):
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=SECONDS)
        return process.returncode

    def run(self, words):
        """What is wrong with a command; None when it does what it should."""
        kind = words[0]
        program = [self.program]
        if kind == "curl":
            local = self.environment["INTERHUMAN_URL"].replace("ws:", "http:")
            program, words = [], [word.replace(LOCAL, local) for word in words] + ["-sS", "--fail"]
        if kind == "serve" or "--watch" in words:
            process = self.start(words)
            if not process.stdout.readline() and (status := process.wait(SECONDS)) not in ALLOWED.get(kind, {}):
                return f"says nothing, and ends with {status}"
            status = self.stop(process)
            return None if status in ALLOWED.get(kind, {0}) else f"ends with {status} after Ctrl-C"
        if kind in ("stream", "record"):
            self.prepare(words)
        done = subprocess.run(
            [*program, *words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=SECONDS)
        if done.returncode in ALLOWED.get(kind, {0}):
            return None
        return f"ends with {done.returncode}: {done.stderr.strip().splitlines()[-1:] or ''}"

    def prepare(self, words):
        """Makes the file that a command reads, and room for the folder that it makes."""
        for option, value in zip(words, words[1:]):
            if option in ("--keep", "record"):
                shutil.rmtree(os.path.join(self.folder, value), ignore_errors=True)
            path = os.path.join(self.folder, value)
            if option == "--input" and not os.path.exists(path):
                subprocess.run(
                    ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=15:duration=4", "-f", "lavfi",
                     "-i", "sine=frequency=180:duration=4", "-c:v", "mpeg4", "-c:a", "aac", path], check=True)


def adapted(words):
    """A command as it can be run here; None for one that is a pattern, not a command."""
    if words[0] == "curl":
        return words
    if any(re.search(r"[…<>\[]|^[A-Z]+$", word) for word in words[1:] if word != "DIR"):
        return None
    result, rest = [], list(words)
    while rest:
        word = rest.pop(0)
        if word in DROPPED:
            del rest[:DROPPED[word]]
        elif word in REPLACED and rest:
            rest.pop(0)
            result += [word, REPLACED[word]]
        else:
            result.append(word)
    if result[0] in ("stream", "record"):
        if not {"--input", "--synthetic"} & set(result):
            result.append("--synthetic")
        if "--duration" not in result:
            result += ["--duration", REPLACED["--duration"]]
        if "--unpaced" not in result:
            result.append("--unpaced")
    if result[0] == "replay" and "--unpaced" not in result:
        result.append("--unpaced")
    return result


def documented(page):
    """The commands of a page's blocks, with the block that each stands in."""
    for block in pages.blocks(page):
        if block.language in ("", "sh", "bash") and not block.text.lstrip().startswith("$ "):
            for words in commands.commands(block.text):
                if os.path.basename(words[0]) == "interhuman" and len(words) > 1:
                    yield block, words[1:]
                elif words[0] == "curl" and any(LOCAL in word for word in words):
                    yield block, words


def check(program):
    seen = set()
    for page in pages.pages():
        found = list(documented(page))
        if not found:
            continue
        with Stage(program) as stage:
            for block, words in found:
                words = adapted(words)
                # A replay needs the recording that was made before it on its own page.
                if words is None or (tuple(words) in seen and words[0] not in ("stream", "record", "replay")):
                    continue
                seen.add(tuple(words))
                if fault := stage.run(words):
                    yield f"{block}: {' '.join(words)}: {fault}"
