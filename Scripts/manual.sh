#!/usr/bin/env bash
# Writes Documentation/interhuman.1 from what the commands say of themselves.
#   Scripts/manual.sh            writes the file
#   Scripts/manual.sh --check    fails when it is not current

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=${INTERHUMAN_PROGRAM:-$(swift build --product interhuman --show-bin-path)/interhuman}
[ -x "$program" ] || swift build --product interhuman >&2
page=$(mktemp)
trap 'rm -f "$page"' EXIT
"$program" --experimental-dump-help | python3 Scripts/manual.py >"$page"
if [ "${1:-}" = --check ]; then
  diff -u Documentation/interhuman.1 "$page" || {
    echo "Documentation/interhuman.1 is not current. Run Scripts/manual.sh and commit what it writes." >&2
    exit 1
  }
else
  cp "$page" Documentation/interhuman.1
fi
