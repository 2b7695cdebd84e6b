#!/usr/bin/env python3
"""Lists public symbols without a description. Ends with 1 when there are any.

Scripts/undocumented.py MODULE...     reads the symbol graphs that Scripts/documentation.sh left in .build
"""

import json
import pathlib
import sys


def symbol_graphs(module):
    """The newest graph of the module and of its extensions of others."""
    found = {}
    for path in pathlib.Path(".build").glob(f"**/{module}/{module}*.symbols.json"):
        if path.name not in found or path.stat().st_mtime > found[path.name].stat().st_mtime:
            found[path.name] = path
    return found.values()


def undocumented(path):
    graph = json.loads(path.read_text())
    # What a conformance asks for is described by the protocol; what the compiler synthesized, by nobody.
    inherited = {
        relation["source"] for relation in graph["relationships"]
        if "sourceOrigin" in relation or relation["kind"] in ("requirementOf", "defaultImplementationOf")
        and relation["target"].startswith("s:s")
    }
    for symbol in graph["symbols"]:
        identifier = symbol["identifier"]["precise"]
        if symbol.get("docComment") or identifier in inherited or "::SYNTHESIZED::" in identifier:
            continue
        # An extension is described by what is in it; what has no place was made by the compiler.
        if symbol["kind"]["identifier"] == "swift.extension" or "location" not in symbol:
            continue
        yield symbol


def main(modules):
    count = 0
    for module in modules:
        graphs = symbol_graphs(module)
        if not graphs:
            sys.exit(f"{module} has no symbol graph; run Scripts/documentation.sh.")
        for path in graphs:
            for symbol in undocumented(path):
                location = symbol["location"]
                file = location["uri"].removeprefix("file://").removeprefix(f"{pathlib.Path.cwd()}/")
                line = location["position"]["line"] + 1
                print(f"{file}:{line}: {'.'.join(symbol['pathComponents'])} has no description", file=sys.stderr)
                count += 1
    return 1 if count else 0


sys.exit(main(sys.argv[1:]))
