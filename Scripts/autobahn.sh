#!/usr/bin/env bash
# Runs the Autobahn WebSocket suite against InterhumanWire, as client and as server, and compares the results with
# those that are checked in (Tests/Vectors/autobahn). A difference, or a case that does not pass, is a failure.
#   Scripts/autobahn.sh [--update] [client|server] [CASE...]   CASE: an id, a pattern, core, limits, deflate, all (all)
# Needs the suite's folder (AUTOBAHN_TOOLS, by default ../shared/tools/autobahn); without it, says so and ends with 77.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case "${1:-}" in -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;; esac
update=
[ "${1:-}" != --update ] || { update=yes; shift; }
roles=(client server)
case "${1:-}" in client | server) roles=("$1"); shift ;; esac
cases=("$@")
[ ${#cases[@]} -gt 0 ] || cases=(all)

tools=${AUTOBAHN_TOOLS:-../shared/tools/autobahn}
if [ ! -x "$tools/setup.sh" ]; then
  echo "The Autobahn suite is not here ($tools). Set AUTOBAHN_TOOLS to its folder." >&2
  exit 77
fi
venv=${AUTOBAHN_VENV:-$PWD/.build/autobahn}
"$tools/setup.sh" "$venv" >&2
if [ -z "${AUTOBAHN_PEER:-}" ]; then
  swift build -c release --product AutobahnPeer >&2
  AUTOBAHN_PEER=$(swift build -c release --show-bin-path)/AutobahnPeer
fi

work=$(mktemp -d)
peer=
trap '[ -z "$peer" ] || kill "$peer" 2>/dev/null || true
  [ ! -f "$work/client/server.pid" ] || kill "$(cat "$work/client/server.pid")" 2>/dev/null || true
  rm -rf "$work"' EXIT

# Prints "CASE BEHAVIOR BEHAVIOR-OF-THE-CLOSE" for each case of a report.
results() {
  python3 - "$1/index.json" <<'PYTHON'
import json, sys
# In these the good message and the bad frame come together: whether the echo is seen before the failure is a race that
# both OK and NON-STRICT lose and win, whatever the peer.
RACES = {"3.2", "3.3", "3.4", "4.1.3", "4.1.4", "4.1.5", "4.2.3", "4.2.4", "4.2.5", "5.15"}
for cases in json.load(open(sys.argv[1])).values():
    for case in sorted(cases, key=lambda name: [int(part) for part in name.split(".")]):
        behavior = cases[case]["behavior"]
        if case in RACES and behavior in ("OK", "NON-STRICT"):
            behavior = "OK/NON-STRICT"
        print(case, behavior, cases[case]["behaviorClose"])
PYTHON
}

run_client() {
  local port
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  "$tools/run-server" "$venv" "$port" "$work/client" --detach --quiet "${cases[@]}" >&2
  "$AUTOBAHN_PEER" client "ws://127.0.0.1:$port" interhuman >&2
  kill "$(cat "$work/client/server.pid")"
}

run_server() {
  mkfifo "$work/ready"
  "$AUTOBAHN_PEER" server 0 2>"$work/ready" &
  peer=$!
  local line
  exec 3<"$work/ready"
  read -r line <&3
  "$tools/run-client" "$venv" "${line##*:}" "$work/server" --agent interhuman --quiet "${cases[@]}" >&2 || true
  kill "$peer"
  peer=
  exec 3<&-
}

status=0
for role in "${roles[@]}"; do
  "run_$role"
  "$tools/summary.py" "$work/$role" || status=1
  results "$work/$role" >"$work/$role.txt"
  expected=Tests/Vectors/autobahn/$role.txt
  if [ -n "$update" ]; then
    mkdir -p "$(dirname "$expected")"
    touch "$expected"
    sort -V -k1,1 -u "$work/$role.txt" "$expected" >"$work/merged"
    mv "$work/merged" "$expected"
  elif ! join <(sort "$expected") <(sort "$work/$role.txt") | awk '
    $2 != $4 || $3 != $5 { print "changed: " $0; changed = 1 } END { exit changed }' >&2; then
    status=1
  fi
done
exit "$status"
