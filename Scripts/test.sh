#!/usr/bin/env bash
# Installs what is missing, then builds and runs every test.
#   Scripts/test.sh [ARGUMENT...]    the arguments go to `swift test` (--filter NAME, …)

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Scripts/setup.sh
interhuman_setup --tests
Tests/Interop/prepare.sh
Tests/VendorSDK/prepare.sh
Tests/Seeds/prepare.sh

# Swift Testing starts every test at once unless told otherwise; hundreds of codecs and sockets that share two cores
# measure nothing but each other's waiting.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-4}
swift test --disable-xctest "$@"

# Unless only some tests were asked for: the package that uses this one, and the camera tests, against a real kernel camera
# in a VM.
[ $# -eq 0 ] || exit 0
Scripts/integrator.sh
status=0
Tests/Camera/test.sh || status=$?
[ "$status" -eq 77 ] || exit "$status"
