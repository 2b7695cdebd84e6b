#!/usr/bin/env bash
# Records what the kernel's virtual camera answers to the capture layer, for tests that play it without a VM.
#   Tests/Camera/record.sh [FILE]      FILE: the fixture of InterhumanCaptureTests unless given
# Needs a package whose tests are built; run from the package's folder.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
file=${1:-$here/../InterhumanCaptureTests/Trace/vivid.trace}
kernel=$PWD/.build/camera-vm
"$here/VM/prepare.sh" "$kernel"
bundle=$(ls -d "$(swift build --show-bin-path)"/*PackageTests.xctest)
INTERHUMAN_CAMERA_VM=1 INTERHUMAN_TRACE=/vm/result "$here/VM/run.sh" -o "$file" "$kernel" \
  "$bundle" --testing-library swift-testing --filter TraceRecording --no-parallel
