#!/usr/bin/env python3
"""Checks what the documents say: links, code, commands. Ends with 1 when something is not so.

Scripts/check_documents.py links               links, anchors and paths
Scripts/check_documents.py names               what is called by a name in code is there
Scripts/check_documents.py codes               each error code has an entry in the guide on troubleshooting
Scripts/check_documents.py snippets            Swift is compiled: the generated files are current, manifests are read
Scripts/check_documents.py commands PROGRAM    commands and options exist; PROGRAM is the built interhuman
Scripts/check_documents.py run PROGRAM         commands of interhuman are run, against a local service
Scripts/check_documents.py --update            generates the files of the target DocumentationSnippets anew
"""

import sys

from documents import codes, commands, links, names, running, snippets

CHECKS = {
    "links": links.check, "names": names.check, "codes": codes.check, "snippets": snippets.check, "commands": commands.check,
    "run": running.check,
}


def main(arguments):
    if arguments == ["--update"]:
        snippets.update()
        return 0
    if not arguments or arguments[0] not in CHECKS:
        print(__doc__, file=sys.stderr)
        return 64
    problems = list(CHECKS[arguments[0]](*arguments[1:]))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


sys.exit(main(sys.argv[1:]))
