#!/usr/bin/env bash
# Builds the reference of every library with DocC, and checks it: no warning, and no public symbol without a description.
#   Scripts/documentation.sh [DIRECTORY]    where the archives go (.build/documentation)
# An archive is a static site: python3 -m http.server -d DIRECTORY/Interhuman.doccarchive

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case "${1:-}" in -h | --help) sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;; esac
. Scripts/setup.sh
interhuman_setup
out=${1:-.build/documentation}
mapfile -t modules < <(basename -a Sources/*/*.docc | sed 's/\.docc$//')

# The plugin is a dependency only of those who ask for documentation.
export INTERHUMAN_DOCUMENTATION=1
mkdir -p "$out"
status=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for module in "${modules[@]}"; do
  if ! swift package --allow-writing-to-directory "$out" generate-documentation --target "$module" \
    --warnings-as-errors --output-path "$out/$module.doccarchive" >"$log" 2>&1; then
    cat "$log" >&2
    status=1
  fi
done
Scripts/undocumented.py "${modules[@]}" || status=1
[ "$status" -ne 0 ] || echo "${#modules[@]} modules documented, without a warning and without a gap: $out"
exit "$status"
