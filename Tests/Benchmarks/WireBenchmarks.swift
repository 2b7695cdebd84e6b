/// Prints ratios that were measured in one run: Wire against memcpy, NIOWebSocket, Foundation's JSONDecoder, and, where
/// `BENCH_PYTHON` names an interpreter that has them, the vendor's Python SDK, `websockets` and `picows`.
///
///     swift run -c release WireBenchmarks [encode|decode|envelopes|loopback]…
@main
struct WireBenchmarks {
    static func main() throws {
        let wanted = Set(CommandLine.arguments.dropFirst())
        let isWanted: (String) -> Bool = { wanted.isEmpty || wanted.contains($0) }
        if isWanted("encode") { EncodeBenchmark.run() }
        if isWanted("decode") { try DecodeBenchmark.run() }
        if isWanted("envelopes") { try EnvelopeBenchmark.run() }
        if isWanted("loopback") { try LoopbackBenchmark.run() }
    }
}
