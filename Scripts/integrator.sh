#!/usr/bin/env bash
# Builds and tests Examples/Integrator, the package that uses this one by path, and runs its program against the local
# service. Needs a built `interhuman`.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
integrator=(--package-path Examples/Integrator --scratch-path .build/integrator)
swift test --disable-xctest "${integrator[@]}"

work=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null; rm -rf "$work"' EXIT
mkfifo "$work/ready"
"$(swift build --show-bin-path)/interhuman" serve --plain >"$work/ready" 2>"$work/log" &
service=$!
read -r ready <"$work/ready"
ffmpeg -v error -f lavfi -i testsrc2=size=320x180:rate=15:duration=7 -f lavfi -i sine=frequency=180:duration=7 \
  -c:v mpeg4 -c:a aac "$work/conversation.mp4"
INTERHUMAN_API_KEY=integrator INTERHUMAN_URL=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' <<<"$ready") \
  "$(swift build "${integrator[@]}" --show-bin-path)/coach" "$work/conversation.mp4"
grep -q 'ended with 1000' "$work/log" || { cat "$work/log" >&2; exit 1; }
