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
# At the first finding of the address sanitizer nothing that follows means anything; races are collected.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0}
export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=0:exitcode=66:second_deadlock_stack=1}
suppressions=$PWD/Scripts/sanitizers
[ ! -f "$suppressions/leak.txt" ] || export LSAN_OPTIONS="suppressions=$suppressions/leak.txt:print_suppressions=0"
[ ! -f "$suppressions/thread.txt" ] || export TSAN_OPTIONS="$TSAN_OPTIONS:suppressions=$suppressions/thread.txt"

status=0
for sanitizer in "${sanitizers[@]}"; do
  echo "$sanitizer sanitizer" >&2
  log=$(mktemp)
  if ! swift test --disable-xctest --sanitize "$sanitizer" --scratch-path ".build-${sanitizer:0:1}san" \
    "${filter[@]}" 2>&1 | tee "$log"; then
    status=1
  fi
  # Programs that the tests start are sanitized too; what they say is not always seen by the test.
  if grep -qE '(ERROR|WARNING): (Address|Leak|Thread)Sanitizer' "$log"; then status=1; fi
  rm -f "$log"
done
exit "$status"
