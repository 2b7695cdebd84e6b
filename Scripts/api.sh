#!/usr/bin/env bash
# Says what breaks for users of the libraries between a commit and the working tree.
#   Scripts/api.sh [COMMIT]     default: the newest tag, or where there is none, the commit before this one
# Exit status 1 when something breaks; what that means before and after 1.0 is in CONTRIBUTING.md.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
baseline=${1:-$(git describe --tags --abbrev=0 2>/dev/null || git rev-parse HEAD~1)}
products=()
for product in $(sed -n 's/^ *\.library(name: "\([A-Za-z]*\)".*/\1/p' Package.swift); do products+=(--products "$product"); done
echo "Compared with $(git rev-parse --short "$baseline"):" >&2
swift package diagnose-api-breaking-changes "$baseline" "${products[@]}"
