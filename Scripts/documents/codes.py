"""Error codes: each one in the code has an entry in the guide on troubleshooting."""

import re

from . import pages

GUIDE = pages.ROOT / "Documentation/Guides/Troubleshooting.md"
ERROR = re.compile(r"public struct (\w+): InterhumanError\b")
CODE = re.compile(r'public static let \w+ = Code\(rawValue: "(\w+)"\)')


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
