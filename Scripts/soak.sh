#!/usr/bin/env bash
# Streams eight sessions to the local service, six all the time and two that come and go, and prints what both processes
# hold and use. Fails when descriptors, threads or memory grow, or a session loses media.
#   Scripts/soak.sh [SECONDS]    default 120; the release's form is 3600

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Scripts/setup.sh
interhuman_setup
swift build --product SessionSoak >&2
# glibc gives threads arenas of their own, up to eight for each core, and each keeps what an encoder once needed there. That
# fills up over some forty sessions and looks like growth until then; two arenas are warm at once.
export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
exec "$(swift build --show-bin-path)/SessionSoak" "${1:-120}"
