"""The documents of the package, and the code in them."""

import pathlib
import re
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^( *)(`{3,}|~{3,}) *([\w-]*) *$")
MARK = re.compile(r"^ *<!-- (\w+): (.+?) -->$")


@dataclass
class Block:
    page: pathlib.Path
    line: int  # of the fence, from 1
    language: str  # as the fence names it; "" for none
    mark: tuple[str, str] | None  # what the comment before it says: <!-- swift: file -->
    text: str

    def __str__(self):
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages():
    """Every Markdown file of the package, but for what was built or checked out."""
    found = [*ROOT.glob("*.md")]
    for folder in ("Documentation", "Examples", "Scripts", "Sources", "Tests"):
        inside = (ROOT / folder).rglob("*.md")
        found += (path for path in inside if not any(part[0] == "." for part in path.relative_to(ROOT).parts))
    return sorted(found)


def blocks(page):
    """The fenced blocks of a page."""
    found, opening, mark, lines = [], None, None, []
    for number, line in enumerate(page.read_text().splitlines(), 1):
        fence = FENCE.match(line)
        if opening is None and fence:
            opening, lines = (number, *fence.groups()), []
        elif opening is not None and fence and fence[2].startswith(opening[2]) and not fence[3]:
            found.append(Block(page, opening[0], opening[3], mark, "\n".join(lines)))
            opening = mark = None
        elif opening is not None:
            lines.append(line.removeprefix(opening[1]))
        elif line.strip():
            match = MARK.match(line)
            mark = (match[1], match[2]) if match else None
    if opening is not None:
        raise SystemExit(f"{page.relative_to(ROOT)}:{opening[0]}: the block has no end")
    return found


def prose(page):
    """The lines of a page outside of fenced blocks, with their numbers."""
    inside = None
    for number, line in enumerate(page.read_text().splitlines(), 1):
        fence = FENCE.match(line)
        if fence and (inside is None or fence[2].startswith(inside) and not fence[3]):
            inside = fence[2] if inside is None else None
        elif inside is None:
            yield number, line
