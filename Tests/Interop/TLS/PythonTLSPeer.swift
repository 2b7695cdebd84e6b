import Foundation
import InterhumanLocalService
import TestPrograms
import Testing

/// Python's `ssl` as the other side: `tls_peer.py`, which needs nothing but Python itself.
struct PythonTLSPeer {
    /// What it does with a connection; `tls_peer.py` says more.
    enum Mode: String {
        case echo
        case halfClose = "half-close"
        case notify
        case truncate
    }

    /// What it saw of a connection.
    struct Report: Decodable {
        var sha256: String
        var byteCount: Int
        /// `clean` after close_notify, `mine` when it ended first, else the name of Python's exception.
        var end: String
        var isReused: Bool
        /// Nil after an end without close_notify.
        var version: String?
    }

    private let program: RunningProgram

    /// Starts a server; gives its port as soon as it listens.
    static func server(_ mode: Mode, _ certificate: LocalCertificate) async throws -> (peer: Self, port: Int) {
        let peer = try Self(["server", mode.rawValue, certificate.chainPath, certificate.keyPath])
        let line = await peer.program.output.firstLine { _ in true }
        guard let port = line.flatMap({ Int($0) }) else { throw await peer.failure() }
        return (peer, port)
    }

    /// Starts a client that connects twice, one after the other.
    static func client(_ mode: Mode, _ certificate: LocalCertificate, port: Int) throws -> Self {
        try Self(["client", mode.rawValue, certificate.authorityPath, "\(port)"])
    }

    private init(_ arguments: [String]) throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "tls_peer.py")
        program = try RunningProgram("/usr/bin/env", ["python3", script.path(percentEncoded: false)] + arguments)
    }

    /// What it tells of its next connection.
    func report() async throws -> Report {
        guard let line = await program.output.firstLine(where: { _ in true }) else { throw await failure() }
        return try JSONDecoder().decode(Report.self, from: Data(line.utf8))
    }

    private func failure() async -> PythonPeer.Failure { PythonPeer.Failure(description: await program.errors.text()) }
}
