import Foundation
import TestPrograms
import Testing

/// tinyproxy, which tunnels to one port for whoever knows the password.
struct TinyProxy {
    private static let path = "/usr/bin/tinyproxy"

    /// Whether tinyproxy is installed.
    static let isAvailable = FileManager.default.isExecutableFile(atPath: path)
    static let absence: Comment = "NOT TESTED through tinyproxy: \(path) is missing; install tinyproxy-bin."

    static let user = "interhuman"
    static let password = "open-sesame"

    let port: Int
    private let program: RunningProgram
    private let directory: TemporaryDirectory

    /// Starts it; returns when it listens.
    static func start(allowing target: Int) async throws -> TinyProxy {
        var output = ""
        for _ in 0..<10 {
            let directory = try TemporaryDirectory()
            let port = try await FreePort.find()
            try """
            Port \(port)
            Listen 127.0.0.1
            BasicAuth \(user) \(password)
            ConnectPort \(target)

            """.write(toFile: directory.file("tinyproxy.conf"), atomically: false, encoding: .utf8)
            let program = try RunningProgram(path, ["-d", "-c", directory.file("tinyproxy.conf")])
            let line = await program.output.firstLine {
                output += $0 + "\n"
                return $0.contains("Accepting connections")
            }
            if line != nil { return TinyProxy(port: port, program: program, directory: directory) }
        }
        throw PythonPeer.Failure(description: output)
    }
}
