"""Links of documents: what they point to must exist. Nothing is asked of the network."""

import re
import urllib.parse

from . import pages

# Hosts that documents may point to, kept short on purpose: each is a promise that somebody else must keep.
HOSTS = {
    "docs.interhuman.ai", "www.swift.org", "semver.org", "keepachangelog.com", "github.com", "www.rfc-editor.org",
    "www.freedesktop.org", "docs.kernel.org",
}
LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?: +\"[^\"]*\")?\)|<(https?://[^>]+)>|(?:src|srcset|href)=\"([^\"]+)\"")
PATH = re.compile(r"`((?:Sources|Tests|Scripts|Examples|Documentation|\.ci)/[\w./+-]+)")
CODE = re.compile(r"`[^`]*`")


def anchors(page):
    """What GitHub calls the headings of a page."""
    found = set()
    for _, line in pages.prose(page):
        found.update(re.findall(r'<a id="([^"]+)">', line))
        if not line.startswith("#"):
            continue
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.lstrip("#").strip()).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        name, count = slug, 0
        while name in found:
            count += 1
            name = f"{slug}-{count}"
        found.add(name)
    return found


def problem(page, link):
    """What is wrong with a link; None for nothing."""
    url = urllib.parse.urlsplit(link)
    if url.scheme in ("http", "https"):
        return None if url.hostname in HOSTS else f"{url.hostname} is not in the list of hosts (Scripts/documents/links.py)"
    if url.scheme == "doc":
        return None  # DocC's own, which DocC checks
    target = (page.parent / urllib.parse.unquote(url.path)).resolve() if url.path else page
    if not target.exists():
        return f"there is no {link}"
    if url.fragment and target.suffix == ".md" and url.fragment not in anchors(target):
        return f"{target.name} has no heading for #{url.fragment}"
    return None


def check():
    for page in pages.pages():
        for number, line in pages.prose(page):
            where = f"{page.relative_to(pages.ROOT)}:{number}"
            for match in LINK.finditer(CODE.sub("", line)):
                if found := problem(page, next(filter(None, match.groups()))):
                    yield f"{where}: {found}"
            for match in PATH.finditer(line):
                path = match[1].rstrip("/.")
                if not (pages.ROOT / path).exists():
                    yield f"{where}: there is no {path}"
