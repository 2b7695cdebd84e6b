#!/usr/bin/env bash
# Runs the camera tests in a throw-away VM with the kernel's virtual camera. Needs no camera and no root.
#   Tests/Camera/test.sh [FILTER]      FILTER: which tests, as for swift test
# Needs a package whose tests are built (swift build --build-tests); run from the package's folder. Exit status 77 says
# that the machine can't run the VM.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kernel=$PWD/.build/camera-vm
status=0
"$here/VM/prepare.sh" "$kernel" || status=$?
if [ $status -ne 0 ]; then
  echo "SKIPPED: the camera tests, as the VM can't be had on this machine (see above)." >&2
  exit $status
fi
bundle=$(ls -d "$(swift build --show-bin-path)"/*PackageTests.xctest)
INTERHUMAN_CAMERA_VM=1 "$here/VM/run.sh" -t "${CAMERA_TEST_SECONDS:-900}" "$kernel" \
  "$bundle" --testing-library swift-testing --filter "${1:-CameraTests}" --no-parallel
