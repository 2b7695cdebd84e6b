#!/usr/bin/env bash
# Checks the layout of the code with the committed configuration. `Scripts/lint.sh --fix` repairs it.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mapfile -d '' files < <(git ls-files -z --cached --others --exclude-standard '*.swift')
if [ "${1:-}" = --fix ]; then
  swift format --in-place --parallel --configuration .swift-format "${files[@]}"
else
  swift format lint --strict --parallel --configuration .swift-format "${files[@]}"
fi
