"""Swift in documents: each block becomes code of the target DocumentationSnippets, which is built with the tests.

A block is the body of a function unless a comment before it says otherwise:
  <!-- swift: file -->                 declarations of a file
  <!-- swift: continues -->            goes on where the block before it ended
  <!-- swift: tested by PATH -->       a test has this code; so for all later blocks of the page
JavaScript and Python are the vendor's own, and must be in Tests/Seeds, where they are run.
A block that begins with "// Package.swift" is the manifest of a package, or the arguments of one.
"""

import json
import pathlib
import re
import subprocess
import tempfile

from . import pages

GENERATED = pages.ROOT / "Tests/DocumentationSnippets/Generated"
IMPORT = re.compile(r"^(?:@\w+ )?import [\w.]+$")
SEEDS = {"javascript": "*.js", "python": "*.py"}
NAME = re.compile(r"^(?:let|var) (?:\(([\w, ]+)\)|(\w+))")


def swift_blocks(page):
    """The blocks that are compiled as a part of the page."""
    for block in pages.blocks(page):
        if block.language != "swift" or block.text.startswith("// Package.swift"):
            continue
        if block.mark and block.mark[0] == "swift" and block.mark[1].startswith("tested by "):
            return
        yield block


def source(page):
    """The generated file of a page; None for a page without Swift."""
    imports, parts = {"import Interhuman"}, []
    for block in swift_blocks(page):
        lines = block.text.splitlines()
        imports |= {line for line in lines if IMPORT.match(line)}
        lines = [line for line in lines if not IMPORT.match(line)]
        while lines and not lines[0]:
            lines.pop(0)
        kind = block.mark[1] if block.mark and block.mark[0] == "swift" else "function"
        if kind == "continues":
            parts[-1][1].extend(lines)
        else:
            parts.append((kind, lines))
    if not parts:
        return None
    out = [
        f"// Made of {page.relative_to(pages.ROOT)} by Scripts/check_documents.py --update.",
        "// swift-format-ignore-file", "", *sorted(imports),
    ]
    for number, (kind, lines) in enumerate(parts, 1):
        out.append("")
        if kind == "file":
            out += lines
            continue
        names = [name for line in lines if (match := NAME.match(line)) for name in (match[1] or match[2]).split(", ")]
        out.append(f"private func block{number}() async throws {{")
        out += [f"    {line}" if line else "" for line in lines]
        out += [f"    _ = {name}" for name in names]
        out.append("}")
    return "\n".join(out) + "\n"


def generated():
    """Every generated file and its text."""
    found = {}
    for page in pages.pages():
        if text := source(page):
            path = page.relative_to(pages.ROOT).with_suffix("")
            parts = [part for part in path.parts if part not in ("Documentation", "Sources") and not part.endswith(".docc")]
            found[GENERATED / ("_".join(parts) + ".swift")] = text
    return found


def update():
    GENERATED.mkdir(parents=True, exist_ok=True)
    wanted = generated()
    for path in GENERATED.glob("*.swift"):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


def check():
    wanted = generated()
    for path in sorted(set(wanted) | set(GENERATED.glob("*.swift"))):
        if path not in wanted or not path.exists() or path.read_text() != wanted[path]:
            yield f"{path.relative_to(pages.ROOT)} is not what the documents say: run Scripts/check_documents.py --update"
    for page in pages.pages():
        for block in pages.blocks(page):
            if block.mark and block.mark[0] == "swift" and block.mark[1].startswith("tested by "):
                test = pages.ROOT / block.mark[1].removeprefix("tested by ")
                if not test.exists() or page.name not in test.read_text():
                    yield f"{block}: {test} does not test this page"
            if block.language == "swift" and block.text.startswith("// Package.swift"):
                yield from manifest_problems(block)
            if block.language in SEEDS and not any(trimmed(block.text) in text for text in seeds(block.language)):
                yield f"{block}: no file of Tests/Seeds has this"


def trimmed(text):
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def seeds(language):
    return [trimmed(path.read_text()) for path in (pages.ROOT / "Tests/Seeds").glob(SEEDS[language])]


def manifest_problems(block):
    """Reads a manifest as SwiftPM does, and compares the products that it wants with those that there are."""
    text = block.text.removeprefix("// Package.swift").lstrip("\n")
    if not text.startswith("// swift-tools-version"):
        text = f'// swift-tools-version: 6.1\nimport PackageDescription\nlet package = Package(name: "Example",\n{text}\n)\n'
    with tempfile.TemporaryDirectory() as directory:
        (pathlib.Path(directory) / "Package.swift").write_text(text)
        done = subprocess.run(["swift", "package", "dump-package"], cwd=directory, capture_output=True, text=True)
    if done.returncode != 0:
        yield f"{block}: no manifest: {done.stderr.strip()}"
        return
    products = re.findall(r'\.library\(name: "(\w+)"', (pages.ROOT / "Package.swift").read_text())
    for target in json.loads(done.stdout)["targets"]:
        for dependency in target["dependencies"]:
            product = dependency.get("product")
            if product and product[1] == "interhuman-swift" and product[0] not in products:
                yield f"{block}: this package has no product {product[0]}"
