#!/usr/bin/env bash
# Runs `openssl s_server` or `s_client` with an input that never ends: the end of its input ends them.
#   openssl_peer.sh DIRECTORY OUTPUT INPUT s_server|s_client ARGUMENT...
# OUTPUT: lines     what it prints, as it is
#         payload   lines to standard error up to the payload, then the checksum of as many bytes as INPUT has
#         raw       the checksum of everything
# INPUT: a file that is given to it when it is connected

set -euo pipefail
directory=$1 output=$2 input=$3 command=$4
shift 3
mkfifo "$directory/input"
exec 3<>"$directory/input"

give() { cat "$input" >"$directory/input" 3>&- & }

# Passes on what s_server prints about its first connection. Given something to send before that is done, it prints none.
connection() {
  [ "$command" = s_server ] || return 0
  sed -u '/^Secure Renegotiation/q'
  give
}

filter() {
  case $output in
    lines) connection && exec cat ;;
    raw) exec sha256sum ;;
    payload)
      connection >&2
      head -c "$(stat -c %s "$input")" | sha256sum
      exec cat >&2
      ;;
  esac
}

[ "$command" = s_server ] || give
# In this shell's place, so that whoever kills it kills OpenSSL.
exec openssl "$@" <&3 3>&- > >(filter 3>&-)
