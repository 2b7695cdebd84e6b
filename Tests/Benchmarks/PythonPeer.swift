import Foundation

/// Runs `peers.py` with the interpreter that `BENCH_PYTHON` names.
enum PythonPeer {
    /// Names and figures that the script prints, one pair a line; nil when there is no interpreter.
    static func run(_ arguments: String..., input: String = "") throws -> [(String, Double)]? {
        guard let python = ProcessInfo.processInfo.environment["BENCH_PYTHON"] else {
            print("\(arguments[0]): BENCH_PYTHON is not set, the Python peers are left out")
            return nil
        }
        let process = Process()
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "peers.py").path()
        process.executableURL = URL(filePath: python)
        process.arguments = [script] + arguments
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let output = String(decoding: stdout.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return output.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t")
            guard parts.count == 2, let figure = Double(parts[1]) else { return nil }
            return (String(parts[0]), figure)
        }
    }
}
