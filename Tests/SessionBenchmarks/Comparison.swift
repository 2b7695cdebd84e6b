import Foundation

/// Runs the clients one after the other against one service each, and prints their figures side by side.
struct Comparison {
    var sessions: Int
    var segments: Int

    /// What a client measured of itself.
    private struct Figures {
        /// Resident bytes a session, all of them open and idle.
        var idle: Double
        /// The same at the most, while all send.
        var peak: Double
        /// Processor seconds of the client a segment.
        var processor: Double
    }

    func run() throws {
        print("\(sessions) sessions over TLS in one process, \(segments) segments each")
        let ours = try measure(CommandLine.arguments[0], ["client"])
        show("this package", ours)
        guard let python = ProcessInfo.processInfo.environment["BENCH_PYTHON"] else {
            print("BENCH_PYTHON is not set: the vendor's Python SDK is left out")
            return
        }
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "sessions.py").path()
        let theirs = try measure(python, [script])
        show("the vendor's Python SDK", theirs)
        print(
            "this package takes \(text(ours.idle / theirs.idle)) of its memory idle, \(text(ours.peak / theirs.peak))",
            "at most, and \(text(ours.processor / theirs.processor)) of its processor time a segment")
    }

    private func show(_ name: String, _ figures: Figures) {
        print(
            "\(name): \(text(figures.idle / 1024)) KiB a session idle, \(text(figures.peak / 1024)) KiB at most,",
            "\(text(figures.processor * 1000)) ms of processor time a segment")
    }

    private func measure(_ program: String, _ arguments: [String]) throws -> Figures {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }

        let input = Pipe()
        let service = try start(CommandLine.arguments[0], ["service", folder.path(), "\(sessions)"], input: input)
        let place = try service.output.readLine().split(separator: "\t").map(String.init)
        let workload = Workload(
            url: place[0], authorityPath: place[1], folder: folder.path(), sessions: sessions, segments: segments)
        let client = try start(program, arguments + workload.arguments)
        let answer = try client.output.readLine().split(separator: "\t").compactMap { Double($0) }
        client.process.waitUntilExit()
        let number = service.process.processIdentifier
        let (memory, time) = (
            try ProcessUsage.residentBytes(peak: true, of: number), try ProcessUsage.processorSeconds(of: number)
        )
        print(
            "  the service meanwhile: \(text(memory / Double(sessions) / 1024)) KiB a session at most,",
            "\(text(time * 1000 / Double(sessions * segments))) ms a segment, decoded and analysed")
        try input.fileHandleForWriting.close()
        service.process.waitUntilExit()
        return Figures(idle: answer[0], peak: answer[1], processor: answer[2])
    }

    private func start(
        _ program: String, _ arguments: [String], input: Pipe? = nil
    ) throws -> (process: Process, output: FileHandle) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardOutput = output
        process.standardInput = input ?? FileHandle.nullDevice
        try process.run()
        return (process, output.fileHandleForReading)
    }

    private func text(_ value: Double) -> String {
        String(format: "%.2f", value)
    }
}

extension FileHandle {
    /// Bytes up to a line's end, or to the end.
    fileprivate func readLine() throws -> String {
        var line = Data()
        while let byte = try read(upToCount: 1), let first = byte.first, first != UInt8(ascii: "\n") { line += byte }
        return String(decoding: line, as: UTF8.self)
    }
}
