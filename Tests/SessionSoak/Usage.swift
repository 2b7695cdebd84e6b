import CTransportPeer
import Foundation

/// What a process holds and has used, as the kernel counts it.
struct Usage {
    /// Resident memory in bytes.
    var memory: Double
    /// Open file descriptors.
    var descriptors: Int
    var threads: Int
    /// Processor time so far, user and system, in seconds.
    var processorSeconds: Double
    /// Bytes that `malloc` has given out, where it is this process.
    var heap: Double?

    /// Reads a process's figures from `/proc`.
    init(of process: Int32) throws {
        let root = "/proc/\(process)"
        let status = try String(contentsOfFile: root + "/status", encoding: .utf8).split(separator: "\n")
        func value(_ name: String) -> Double {
            status.first { $0.hasPrefix(name) }?.split(whereSeparator: \.isWhitespace).dropFirst().first
                .flatMap { Double($0) } ?? .nan
        }
        memory = value("VmRSS:") * 1_024
        threads = Int(value("Threads:"))
        descriptors = try FileManager.default.contentsOfDirectory(atPath: root + "/fd").count
        // Behind the parenthesised name, utime and stime are the 12th and 13th fields (proc(5)).
        let fields =
            try String(contentsOfFile: root + "/stat", encoding: .utf8).split(separator: ")").last?
            .split(separator: " ") ?? []
        let ticks = [11, 12].compactMap { fields.indices.contains($0) ? Double(fields[$0]) : nil }.reduce(0, +)
        processorSeconds = ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
        heap = process == getpid() ? Double(trimmedHeapByteCount()) : nil
    }
}

/// The figures of one process over time, and what is wrong with them.
struct Record {
    let name: String
    private(set) var samples: [(time: Double, usage: Usage)] = []

    init(_ name: String) {
        self.name = name
    }

    mutating func add(_ usage: Usage, at time: Double) {
        samples.append((time, usage))
    }

    /// The newest figures as a part of a table's row; the processor's in per cent of one core since the last.
    var row: String {
        guard let last = samples.last else { return "" }
        let before = samples.dropLast().last
        let elapsed = last.time - (before?.time ?? last.time)
        let used = last.usage.processorSeconds - (before?.usage.processorSeconds ?? last.usage.processorSeconds)
        let percent = elapsed > 0 ? used / elapsed * 100 : 0
        return String(
            format: "%7.1f %5d %5d %6.1f", last.usage.memory / 1_048_576, last.usage.descriptors, last.usage.threads,
            percent)
    }

    static let head = "    MiB   fds  thr    cpu%"

    /// Growth of memory in MiB an hour, by least squares over the last two thirds.
    var memorySlope: Double {
        let points = samples.dropFirst(samples.count / 3).map { ($0.time / 3_600, $0.usage.memory / 1_048_576) }
        guard points.count > 1 else { return 0 }
        let (meanX, meanY) = (Self.mean(points.map(\.0)), Self.mean(points.map(\.1)))
        let spread = points.reduce(0) { $0 + ($1.0 - meanX) * ($1.0 - meanX) }
        return points.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread
    }

    /// What grew from the middle third to the last one: descriptors or threads at all, memory by more than a tenth and
    /// 4 MiB. The first third is for warming up.
    var growth: [String] {
        let third = samples.count / 3
        guard third > 1 else { return ["\(name): too few samples to judge"] }
        let (middle, last) = (Array(samples[third..<2 * third]), Array(samples[(2 * third)...]))
        var complaints: [String] = []
        func compare(_ what: String, _ value: (Usage) -> Double, allowance: (Double) -> Double) {
            let before = Self.median(middle.map { value($0.usage) })
            let after = Self.median(last.map { value($0.usage) })
            if after > before + allowance(before) {
                complaints.append("\(name): \(what) grew from \(before) to \(after)")
            }
        }
        compare("descriptors", { Double($0.descriptors) }, allowance: { _ in 2 })
        compare("threads", { Double($0.threads) }, allowance: { _ in 2 })
        compare("memory", { $0.memory / 1_048_576 }, allowance: { $0 / 10 + 4 })
        return complaints
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
