import Foundation
import InterhumanLocalService
import TestPrograms
import Testing

/// Python's `websockets` as the other side: `peer.py` in the environment that `prepare.sh` makes.
struct PythonPeer {
    /// What a peer is told, as JSON.
    struct Options: Encodable {
        /// Parameters of permessage-deflate; nil for no compression.
        var deflate: DeflateVariant.Parameters?
        /// A server's certificate and key.
        var chain: String?
        var key: String?
        /// Whom a client trusts.
        var authority: String?
        /// Whether a client only waits to be closed.
        var close = false
    }

    /// What a peer saw of a connection.
    struct Report: Decodable {
        var compressedTexts: Int
        var compressedBinaries: Int
        var plainTexts: Int
        var plainBinaries: Int
        /// The extensions that the server agreed to.
        var extensions: String?
        var code: Int
        var reason: String
    }

    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    private static let interpreter = directory.path(percentEncoded: false) + "../../.build/interop-venv/bin/python"

    /// Whether the environment is there.
    static let isAvailable = FileManager.default.isExecutableFile(atPath: interpreter)
    static let absence: Comment = "NOT TESTED against Python websockets: run Tests/Interop/prepare.sh, which says why."

    private let program: RunningProgram

    /// Starts a server; gives its port as soon as it listens.
    static func server(_ options: Options) async throws -> (peer: PythonPeer, port: Int) {
        let peer = try PythonPeer(["server", json(options)])
        let line = await peer.program.output.firstLine { _ in true }
        guard let port = line.flatMap({ Int($0) }) else { throw try await peer.failure() }
        return (peer, port)
    }

    /// Starts a client.
    static func client(_ options: Options, url: String) throws -> PythonPeer {
        try PythonPeer(["client", json(options), url])
    }

    /// What the peer tells when its connection has ended.
    func report() async throws -> Report {
        guard let line = await program.output.firstLine(where: { _ in true }) else { throw try await failure() }
        return try JSONDecoder().decode(Report.self, from: Data(line.utf8))
    }

    private init(_ arguments: [String]) throws {
        let script = Self.directory.appending(path: "peer.py").path(percentEncoded: false)
        // Through env, because Python finds its environment by the very path that it is called by.
        program = try RunningProgram("/usr/bin/env", [Self.interpreter, script] + arguments)
    }

    private static func json(_ options: Options) throws -> String {
        String(decoding: try JSONEncoder().encode(options), as: UTF8.self)
    }

    private func failure() async throws -> Failure { Failure(description: await program.errors.text()) }

    /// The peer ended before its time; what it wrote to standard error.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
