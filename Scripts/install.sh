#!/usr/bin/env bash
# Builds the program `interhuman` in release, with Swift's own libraries inside, and installs it.
#   Scripts/install.sh PREFIX               into PREFIX/bin, PREFIX/share/man and the shells' completions in PREFIX/share
#   Scripts/install.sh --uninstall PREFIX   takes away what was installed there
# PREFIX is usual as ~/.local or /usr/local. The machine that runs it needs the system's libraries (FFmpeg, OpenSSL, libv4l,
# libpulse), but no Swift.

set -euo pipefail
called_from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() { sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 64; }
uninstall=
if [ "${1:-}" = --uninstall ]; then uninstall=1; shift; fi
[ $# -eq 1 ] && [ -n "$1" ] || usage
case "$1" in
  -*) usage ;;
  /*) prefix=$1 ;;
  *) prefix=$called_from/$1 ;;
esac

# What belongs to the installation, and nothing else.
files=(
  bin/interhuman
  share/man/man1/interhuman.1
  share/bash-completion/completions/interhuman
  share/zsh/site-functions/_interhuman
  share/fish/vendor_completions.d/interhuman.fish
  share/systemd/user/interhuman.service
)
if [ -n "$uninstall" ]; then
  for file in "${files[@]}"; do rm -f "$prefix/$file"; done
  echo "Removed interhuman from $prefix." >&2
  exit 0
fi

. Scripts/setup.sh
interhuman_setup
echo "Building for release (several minutes the first time) …" >&2
build=(swift build -c release --static-swift-stdlib --product interhuman)
"${build[@]}" >&2
program=$("${build[@]}" --show-bin-path)/interhuman

put() { install -D -m "$2" "$1" "$prefix/$3"; }
put "$program" 755 "${files[0]}"
put Documentation/interhuman.1 644 "${files[1]}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shells=(bash zsh fish)
for index in 0 1 2; do
  "$program" --generate-completion-script "${shells[index]}" >"$work/completion"
  put "$work/completion" 644 "${files[2 + index]}"
done
sed "s#@PREFIX@#$prefix#g" Examples/systemd/interhuman.service >"$work/service"
put "$work/service" 644 "${files[5]}"

echo "Installed $("$prefix/bin/interhuman" --version) as $prefix/bin/interhuman." >&2
case ":$PATH:" in
  *":$prefix/bin:"*) ;;
  *) echo "$prefix/bin is not on your PATH yet." >&2 ;;
esac
