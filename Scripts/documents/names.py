"""Names of code in documents: each `camelCase` name must be somewhere in the code."""

import re

from . import pages

SPAN = re.compile(r"`([^`]+)`")
NAME = re.compile(r"\b[A-Za-z]\w*[a-z][A-Z]\w*\b")
CODE = {".swift", ".py", ".js", ".h", ".sh"}
# What was, and why it is no more.
HISTORY = {"CHANGELOG.md", "Decisions"}


def words():
    """Every name in the code of the package, and in what documents show of units and shells."""
    found = set()
    files = [pages.ROOT / "Package.swift"]
    for folder in ("Sources", "Tests", "Examples", "Scripts"):
        files += (path for path in (pages.ROOT / folder).rglob("*") if path.suffix in CODE and path.is_file())
    for path in files:
        found.update(re.findall(r"\w+", path.read_text(errors="replace")))
        found.add(path.stem)
    for page in pages.pages():
        for block in pages.blocks(page):
            if block.language != "swift":
                found.update(re.findall(r"\w+", block.text))
    return found


def check():
    known = words()
    for page in pages.pages():
        if HISTORY & set(page.relative_to(pages.ROOT).parts):
            continue
        for number, line in pages.prose(page):
            for span in SPAN.findall(line):
                for name in NAME.findall(span):
                    if name not in known:
                        yield f"{page.relative_to(pages.ROOT)}:{number}: nothing is called {name}"
