import Foundation
import InterhumanLocalService
import TestPrograms
import Testing

/// The command `openssl` as the other side.
struct OpenSSLPeer {
    /// What is wanted of its standard output; `openssl_peer.sh` says more.
    enum Output: String { case lines, payload, raw }

    private let program: RunningProgram
    private let directory: TemporaryDirectory

    /// Starts `openssl s_server` with more arguments; gives its port as soon as it listens.
    static func server(
        _ certificate: LocalCertificate, _ arguments: [String] = [], output: Output = .lines, input: [UInt8] = []
    ) async throws -> (peer: Self, port: Int) {
        let identity = [
            "-cert", certificate.chainPath, "-cert_chain", certificate.chainPath, "-key", certificate.keyPath,
        ]
        let peer = try Self(["s_server", "-accept", "127.0.0.1:0"] + identity + arguments, output, input)
        let line = await (output == .lines ? peer.program.output : peer.program.errors).firstLine {
            $0.hasPrefix("ACCEPT ")
        }
        guard let port = line?.split(separator: ":").last.flatMap({ Int($0) }) else { throw await peer.failure() }
        return (peer, port)
    }

    /// Starts `openssl s_client` with more arguments; it trusts the certificate's authority and verifies the name.
    static func client(
        _ certificate: LocalCertificate, port: Int, _ arguments: [String] = [], output: Output = .lines,
        input: [UInt8] = []
    ) throws -> Self {
        let trust = ["-CAfile", certificate.authorityPath, "-verify_return_error", "-verify_hostname", "localhost"]
        return try Self(["s_client", "-connect", "127.0.0.1:\(port)"] + trust + arguments, output, input)
    }

    private init(_ arguments: [String], _ output: Output, _ input: [UInt8]) throws {
        directory = try TemporaryDirectory()
        let file = directory.file("given")
        try Data(input).write(to: URL(filePath: file))
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "openssl_peer.sh")
        program = try RunningProgram(
            script.path(percentEncoded: false), [directory.path, output.rawValue, file] + arguments)
    }

    /// The next line with some text in it; fails when the program ends without.
    func line(_ text: String) async throws -> String {
        guard let line = await program.output.firstLine(where: { $0.contains(text) }) else { throw await failure() }
        return line
    }

    /// The next line of standard error with some text in it; fails when the program ends without.
    func error(_ text: String) async throws -> String {
        try #require(await program.errors.firstLine { $0.contains(text) }, "openssl never said \(text)")
    }

    /// The checksum of what came.
    func checksum() async throws -> String {
        String(try await line("  -").prefix { $0 != " " })
    }

    /// Kills it.
    func kill() { program.send(signal: SIGKILL) }

    private func failure() async -> PythonPeer.Failure { PythonPeer.Failure(description: await program.errors.text()) }
}
