import InterhumanEncode

/// Prints what encoding costs and gives, measured in one run on the same pictures.
///
///     swift run -c release EncodeBenchmarks [table|command|peers|delay|memory]… [FILE]
///
/// FILE is a clip, played again and again, scaled down to 1280x720 where it is larger; without one the pictures are made
/// up. `peers` needs `BENCH_PYTHON`, an interpreter that has `av`, `cv2` and `numpy`. CPU is user and system time of all
/// threads; where alternatives are compared they take turns and each one's least counts.
@main
struct EncodeBenchmarks {
    static func main() async throws {
        let names = ["table", "command", "peers", "delay", "memory"]
        let arguments = CommandLine.arguments.dropFirst()
        let wanted = Set(arguments.filter(names.contains))
        let clip = try await Clip.load(arguments.first { !names.contains($0) })
        print("\(clip.description), \(clip.frames.count) pictures as 30 a second")
        let isWanted: (String) -> Bool = { wanted.isEmpty || wanted.contains($0) }
        if isWanted("table") { try await SettingsTable.run(clip) }
        if isWanted("command") { try await CommandComparison.run(clip) }
        if isWanted("peers") { try await PythonComparison.run(clip) }
        if isWanted("delay") { try await DelayMeasurement.run(clip) }
        if isWanted("memory") { try await MemoryMeasurement.run() }
    }
}
