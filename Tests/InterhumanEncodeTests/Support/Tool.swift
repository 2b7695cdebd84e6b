import Foundation

/// Runs the `ffmpeg` and `ffprobe` commands on bytes.
enum Tool {
    /// What a command printed.
    struct Output {
        var status: Int32
        var standardOutput: String
        var standardError: String
    }

    /// Whether the command is installed.
    static func isInstalled(_ name: String) -> Bool {
        (try? run(name, ["-version"]).status == 0) ?? false
    }

    /// Writes `bytes` into a temporary file and runs the command with the arguments, in which "INPUT" stands for it.
    static func run(_ name: String, _ arguments: [String], on bytes: [UInt8] = []) throws -> Output {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let input = directory.appendingPathComponent("input")
        try Data(bytes).write(to: input)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments.map { $0 == "INPUT" ? input.path : $0 }
        process.standardInput = FileHandle.nullDevice
        let standardOutput = directory.appendingPathComponent("stdout")
        let standardError = directory.appendingPathComponent("stderr")
        for file in [standardOutput, standardError] {
            try Data().write(to: file)
        }
        process.standardOutput = try FileHandle(forWritingTo: standardOutput)
        process.standardError = try FileHandle(forWritingTo: standardError)
        try process.run()
        process.waitUntilExit()
        return Output(
            status: process.terminationStatus,
            standardOutput: try text(in: standardOutput), standardError: try text(in: standardError))
    }

    /// `Data(contentsOf:)` leaks its buffer where the file is empty (swift-corelibs-foundation, Swift 6.3).
    private static func text(in file: URL) throws -> String {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    }
}
