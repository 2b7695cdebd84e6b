#!/usr/bin/env bash
# Makes the Python environment of the interop tests' peer in .build/interop-venv, unless it is there already. Without
# it (no network, no python3-venv) those tests are skipped and say so; this script then says why and ends with 0.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
version=15.0.1
environment=.build/interop-venv

has_peer() {
  [ "$("$environment/bin/python" -c 'import websockets; print(websockets.__version__)' 2>/dev/null)" = "$version" ]
}

has_peer && exit 0
mkdir -p .build
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { python3 -m venv --clear "$environment" &&
  "$environment/bin/pip" install --quiet --disable-pip-version-check "websockets==$version" && has_peer; } \
  >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  echo "NO INTEROP TESTS against Python websockets: $environment could not be made; the reason is above." >&2
fi
