#!/usr/bin/env bash
# Runs tests under a sanitizer, each with a build of its own (.build-asan, .build-tsan).
#   Scripts/sanitize.sh [address|thread] [FILTER]   without a name both, one after the other; FILTER as for `swift test`
# Ends with 1 when a test fails or a sanitizer has something to say.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case "${1:-}" in -h | --help) sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;; esac
sanitizers=(address thread)
case "${1:-}" in address | thread) sanitizers=("$1"); shift ;; esac
filter=()
[ $# -eq 0 ] || filter=(--filter "$1")
. Scripts/setup.sh
interhuman_setup --tests
Tests/Interop/prepare.sh

export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-4}
# The sanitizers' own reports are wanted, not a second one of the Swift runtime's.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1}
export LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$PWD/Scripts/sanitizers/leak.txt:print_suppressions=0}
export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=0:exitcode=66:second_deadlock_stack=1}

run() { # SANITIZER PRELOADED-LIBRARY
  local scratch=.build-${1:0:1}san log status=0
  # In a function whose status is asked for, no failure ends the script by itself.
  swift build --build-tests --sanitize "$1" --scratch-path "$scratch" || return 1
  [ -z "$2" ] || clang -O1 -shared -fPIC "$2" -o "$scratch/preloaded.so" || return 1
  log=$(mktemp)
  env ${2:+LD_PRELOAD="$PWD/$scratch/preloaded.so"} \
    swift test --skip-build --disable-xctest --sanitize "$1" --scratch-path "$scratch" "${filter[@]}" 2>&1 |
    tee "$log" || status=1
  # Programs that the tests start are sanitized too; what they say does not always fail a test.
  if grep -qE '(ERROR|WARNING): (Address|Leak|Thread)Sanitizer' "$log"; then status=1; fi
  rm -f "$log"
  return "$status"
}

status=0
for sanitizer in "${sanitizers[@]}"; do
  echo "$sanitizer sanitizer" >&2
  case $sanitizer in
    address) run address "" || status=1 ;;
    # It can't see Swift's Mutex; mutex.c says why, and tells it.
    thread) run thread Tests/ThreadSanitizer/mutex.c || status=1 ;;
  esac
done
exit "$status"
