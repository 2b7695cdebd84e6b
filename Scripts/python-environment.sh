#!/usr/bin/env bash
# Makes a Python environment with the given packages in .build/NAME, unless it is there already. Without it (no network,
# no python3-venv) the tests that need it are skipped and say so; this script then says why and ends with 0.
#   Scripts/python-environment.sh NAME TESTS PACKAGE==VERSION...

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
name=$1 tests=$2
shift 2
environment=.build/$name

is_complete() {
  [ "$(cat "$environment/packages" 2>/dev/null)" = "$*" ] && "$environment/bin/python" -c '' 2>/dev/null
}

is_complete "$@" && exit 0
mkdir -p .build
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { python3 -m venv --clear "$environment" &&
  "$environment/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "$@"; } \
  >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  echo "NOT TESTED: $tests. $environment could not be made; the reason is above." >&2
  rm -rf "$environment"
  exit 0
fi
echo "$*" >"$environment/packages"
