#!/usr/bin/env bash
# Makes the Python environment of the tests that run the vendor's SDK against the local service, in
# .build/vendor-sdk-venv, unless it is there already. Without it (no network, no python3-venv) those tests are skipped
# and say so; this script then says why and ends with 0.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
version=1.3.4
environment=.build/vendor-sdk-venv

has_sdk() {
  [ "$("$environment/bin/python" -c 'from importlib.metadata import version; print(version("interhumanai"))' 2>/dev/null)" = "$version" ]
}

has_sdk && exit 0
mkdir -p .build
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { python3 -m venv --clear "$environment" &&
  "$environment/bin/pip" install --quiet --disable-pip-version-check "interhumanai==$version" && has_sdk; } \
  >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  echo "NO TESTS OF THE VENDOR'S SDK: $environment could not be made; the reason is above." >&2
fi
