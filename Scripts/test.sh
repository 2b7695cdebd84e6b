#!/usr/bin/env bash
# Installs what is missing, then builds and runs every test.
#   Scripts/test.sh [ARGUMENT...]    the arguments go to `swift test` (--filter NAME, …)

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Scripts/setup.sh
interhuman_setup --tests

exec swift test --disable-xctest "$@"
