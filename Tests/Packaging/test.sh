#!/usr/bin/env bash
# Installs `interhuman` for release into a folder of its own, looks at what is there, uses it, and uninstalls it.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
fail() { echo "packaging: $*" >&2; exit 1; }

Scripts/install.sh "$prefix"
program=$prefix/bin/interhuman
"$program" --version | grep -qE '^[0-9]+\.[0-9]+\.[0-9]+$' || fail "it does not tell its version"
if ldd "$program" | grep -i swift; then fail "it needs Swift's libraries, which a user's machine does not have"; fi
for library in libssl libavcodec libv4l2 libpulse; do
  ldd "$program" | grep -q "$library" || fail "it does not use the system's $library"
done
grep -qiE '^\.(TH|Dt) interhuman' "$prefix/share/man/man1/interhuman.1" || fail "there is no man page"
bash -n "$prefix/share/bash-completion/completions/interhuman" || fail "bash can't read its completions"
grep -q "exec $prefix/bin/interhuman stream" "$prefix/share/systemd/user/interhuman.service" || fail "the unit starts something else"
if command -v systemd-analyze >/dev/null; then
  mkdir "$prefix/run"
  XDG_RUNTIME_DIR=$prefix/run systemd-analyze verify --user --man=no "$prefix/share/systemd/user/interhuman.service" ||
    fail "the unit is not right"
  rm -r "$prefix/run"
fi

# A session of the optimised program with itself.
mkfifo "$prefix/ready"
"$program" serve --plain >"$prefix/ready" 2>"$prefix/log" &
trap 'kill $! 2>/dev/null || true; rm -rf "$prefix"' EXIT
read -r ready <"$prefix/ready"
INTERHUMAN_API_KEY=packaging "$program" stream --synthetic --duration 7 --unpaced \
  --url "$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' <<<"$ready")" >"$prefix/events"
grep -q '^session.ended' "$prefix/events" || fail "a session did not end in order"
rm "$prefix/ready" "$prefix/log" "$prefix/events"

Scripts/install.sh --uninstall "$prefix"
left=$(find "$prefix" -type f)
[ -z "$left" ] || fail "uninstalling left: $left"
echo "packaging: passed" >&2
