#!/usr/bin/env bash
# The main job on your own machine: installs what is missing, builds, starts the local service with a fresh
# certificate, and streams to it for 12 s.
#   Scripts/demo.sh                       a synthetic picture and voice
#   Scripts/demo.sh FILE                  any video that FFmpeg reads
#   Scripts/demo.sh camera [OPTION...]    you: the first camera and the default microphone, until Ctrl-C;
#                                         options of 'interhuman stream', such as --no-audio or --camera /dev/video2

set -euo pipefail
called_from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Scripts/setup.sh

case "${1:-}" in
  "") source=(--synthetic --duration 12) ;;
  -h | --help) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
  camera) source=("${@:2}") ;;
  /*) source=(--input "$1" --loop --duration 12) ;;
  *) source=(--input "$called_from/$1" --loop --duration 12) ;;
esac
if [ "${source[0]:-}" = --input ] && [ ! -f "${source[1]}" ]; then
  echo "There is no file ${source[1]}." >&2
  exit 66
fi

interhuman_setup

echo "Building (a few minutes the first time) …" >&2
swift build --product interhuman >&2
interhuman=$(swift build --show-bin-path)/interhuman

work=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null; rm -rf "$work"' EXIT

mkfifo "$work/ready"
# In a session of its own: Ctrl-C is for the stream, which ends in order while the service goes on.
setsid "$interhuman" serve --port 0 --certificate-directory "$work/certificate" >"$work/ready" 2>"$work/service.log" &
service=$!
if ! read -r ready <"$work/ready"; then
  cat "$work/service.log" >&2
  echo "The local service did not start; its own words are above." >&2
  exit 69
fi
head -n 1 "$work/service.log"
url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' <<<"$ready")
ca=$(sed -n 's/.*"ca":"\([^"]*\)".*/\1/p' <<<"$ready")

status=0
stream=("$interhuman" stream "${source[@]}" --url "$url" --ca "$ca")
export INTERHUMAN_API_KEY=local-demo
if [ "${1:-}" = camera ]; then
  trap : INT
  "${stream[@]}" || exit
  exit
fi
"${stream[@]}" | tee "$work/events" || status=$?

# Engagement is told only once segments were accepted and decoded.
if [ "$status" -eq 0 ] && ! { grep -q '^engagement ' "$work/events" && grep -q '^session.ended' "$work/events"; }; then
  echo "The service did not analyse what was sent, or did not end the session." >&2
  status=70
fi
[ "$status" -eq 0 ] || tail -n +2 "$work/service.log" | tail -n 20 >&2
exit "$status"
