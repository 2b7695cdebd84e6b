#!/usr/bin/env bash
# Fuzzes InterhumanWire and InterhumanDeflate with libFuzzer and the address sanitizer.
#   Scripts/fuzz.sh [SECONDS] [FUZZER...]   SECONDS: for each fuzzer (60); FUZZER: names of files in Tests/Fuzz (all)
# A fuzzer ends after SECONDS or after FUZZ_RUNS executions (10 million), whichever comes first.
# Ends with 1 when one finds something; the input is then in .build/fuzz/findings. Add it to Tests/Fuzz/Seeds and
# write a test for it.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case "${1:-}" in -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;; esac
seconds=${1:-60}
shift || true
fuzzers=("$@")
[ ${#fuzzers[@]} -gt 0 ] || fuzzers=(ServerToClient ClientToServer Handshakes Inflation Envelopes RoundTrip)

# Swift prints a backtrace of its own before libFuzzer can keep the input.
export SWIFT_BACKTRACE=enable=no
out=${FUZZ_BUILD:-.build/fuzz}
mkdir -p "$out/findings"

common=(-O -swift-version 6 -package-name interhuman-swift -parse-as-library -sanitize=fuzzer,address -I "$out" -I Sources/CInterhumanZlib
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
  -enable-upcoming-feature MemberImportVisibility)

module() { # NAME FOLDER...: compiles one module to an object
  local name=$1
  shift
  local sources
  mapfile -t sources < <(find "$@" -name '*.swift' | sort)
  swiftc "${common[@]}" -wmo -module-name "$name" -emit-module -emit-module-path "$out/$name.swiftmodule" \
    -c -o "$out/$name.o" "${sources[@]}"
}

echo "Building …" >&2
module InterhumanCore Sources/InterhumanCore
module InterhumanWire Sources/InterhumanWire
module InterhumanDeflate Sources/InterhumanDeflate

status=0
for fuzzer in "${fuzzers[@]}"; do
  swiftc "${common[@]}" -module-name "Fuzz$fuzzer" -o "$out/$fuzzer" Tests/Fuzz/FuzzInput.swift \
    Tests/Fuzz/MachineProperties.swift "Tests/Fuzz/$fuzzer.swift" "$out"/Interhuman*.o -lz -use-ld=lld
  mkdir -p "$out/corpus/$fuzzer"
  echo "$fuzzer: $seconds s" >&2
  if ! "$out/$fuzzer" -max_total_time="$seconds" -runs="${FUZZ_RUNS:-10000000}" -max_len=8192 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$out/findings/$fuzzer-" "$out/corpus/$fuzzer" "Tests/Fuzz/Seeds/$fuzzer" \
    >"$out/$fuzzer.log" 2>&1; then
    status=1
    tail -40 "$out/$fuzzer.log" >&2
  fi
  sed -n 's/^stat::number_of_executed_units: */'"$fuzzer"' executions: /p' "$out/$fuzzer.log"
done
exit "$status"
