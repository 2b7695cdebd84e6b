"""Error codes: each one in the code has an entry in the guide on troubleshooting, which says what the session does."""

import re

from . import pages

GUIDE = pages.ROOT / "Documentation/Guides/Troubleshooting.md"
ERROR = re.compile(r"public struct (\w+): InterhumanError\b")
CODE = re.compile(r'public static let \w+ = Code\(rawValue: "(\w+)"\)')
RECOVERIES = pages.ROOT / "Sources/InterhumanSession/Recovery/RecoveryTable.swift"
ENTRY = re.compile(r"^        \.(\w+): \.(retry\(\.\w+\)|\w+),$", re.MULTILINE)
NAMED = re.compile(r'static let (\w+) = (?:Code|ServiceErrorCode)\(rawValue: "(\w+)"\)')
# What the guide says of each way to go on.
WORDS = {
    "retry(.immediate)": "connects again", "retry(.normal)": "connects again", "retry(.slow)": "slowly", "stop": "ends",
    "refreshCredential": "fresh", "restartContainer": "container anew", "report": "tells it",
}


def rows(text):
    """The rows of tables by their code, without anchors."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return {re.sub(r"<[^>]*>|`", "", row[0]): row[1:] for row in cells}


def recovery_problems(guide, sections):
    """Where the guide says something else of what the session does than the table of the code."""
    source = RECOVERIES.read_text()
    for dictionary, file, said in [
        ("serviceErrors", "Messages/ServiceError.swift", rows(guide)),
        ("connectionErrors", "Errors/ConnectionError.swift", rows(sections["ConnectionError"])),
    ]:
        names = dict(NAMED.findall((pages.ROOT / "Sources/InterhumanCore" / file).read_text() + source))
        body = source[source.index(f"static let {dictionary}"):]
        for name, recovery in ENTRY.findall(body[:body.index("\n    ]")]):
            row = said.get(names[name], ["", ""])
            text = said[row[1][3:]][1] if row[1].startswith("as ih") else row[1]
            # A refused status is told by status, an ended session by its code.
            if WORDS[recovery] not in text and not text.startswith("by "):
                yield f"{GUIDE.name} says of {names[name]} '{text}', but the session does {recovery}"


def check():
    guide = GUIDE.read_text()
    sections = {
        name: text for name, text in re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", guide, re.MULTILINE | re.DOTALL)
    }
    service = set()
    for path in sorted((pages.ROOT / "Sources").rglob("*.swift")):
        text = path.read_text()
        service.update(re.findall(r'"(ih\d{4})"', text))
        if error := ERROR.search(text):
            for code in CODE.findall(text):
                if f"\n| `{code}` |" not in sections.get(error[1], ""):
                    yield f"{GUIDE.name} has no entry for {error[1]}.{code}"
    for code in sorted(service):
        if f'<a id="{code}"></a>{code} |' not in guide and f"`{code}`" not in guide:
            yield f"{GUIDE.name} has no entry for {code}"
    yield from recovery_problems(guide, sections)
