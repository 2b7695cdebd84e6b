import InterhumanCore
import InterhumanLocalService
import TestPrograms
import Testing

@testable import InterhumanTransport

/// Our TLS against `openssl s_server` and `openssl s_client`.
@Suite(.timeLimit(.minutes(10)))
struct OpenSSLTests {
    let directory: TemporaryDirectory
    let certificate: LocalCertificate
    let client: TLSContext
    let server: TLSContext

    init() throws {
        directory = try TemporaryDirectory()
        certificate = try LocalCertificate.loadOrCreate(in: directory.file("certificate"))
        client = try .client(certificate)
        server = try .server(certificate)
    }

    private var payload: [UInt8] { (0..<Payload.blockCount).flatMap(Payload.block) }

    // MARK: s_server

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func agreesOnVersionAndProtocol(version: String) async throws {
        let (peer, port) = try await OpenSSLPeer.server(certificate, [version, "-alpn", "h2,http/1.1"])
        let stream = try await TLSStream.connect(port: port, client)
        #expect(try await peer.line("ALPN protocols selected") == "ALPN protocols selected: http/1.1")
        let cipher = try await peer.line("CIPHER is").split(separator: " ").last
        let wanted = version.dropFirst().replacing("tls", with: "TLSv").replacing("_", with: ".")
        #expect(stream.handshake.description == "\(wanted) \(cipher ?? "")")
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func carries100MiBBothWaysAsClient(version: String) async throws {
        let (peer, port) = try await OpenSSLPeer.server(certificate, [version], output: .payload, input: payload)
        let stream = try await TLSStream.connect(port: port, client, expecting: Payload.byteCount)
        try await stream.sendPayload()
        #expect(try await stream.receivedChecksum() == Payload.sha256)
        #expect(try await peer.checksum() == Payload.sha256)
        await stream.close()
        // What s_server says to a close_notify; without one it says ERROR.
        #expect(try await peer.error("DONE") == "DONE")
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func resumesAsClient(version: String) async throws {
        let (peer, port) = try await OpenSSLPeer.server(certificate, [version], input: Array("a ticket\n".utf8))
        // s_server sends what it has been given after its tickets.
        let first = try await TLSStream.connect(port: port, client, expecting: 1)
        _ = try await first.receivedChecksum()
        await first.close()
        let second = try await TLSStream.connect(port: port, client)
        #expect(try await peer.line("Reused session-id") == "Reused session-id")
        #expect(!first.handshake.isResumed)
        #expect(second.handshake.isResumed)
    }

    @Test func refusesToRenegotiateAsClient() async throws {
        // At this letter s_server asks for another handshake.
        let (peer, port) = try await OpenSSLPeer.server(certificate, ["-tls1_2"], input: Array("r\n".utf8))
        let stream = try await TLSStream.connect(port: port, client)
        _ = try await peer.error("no renegotiation")
        #expect(try await stream.ending().error?.code == .tls)
    }

    @Test func refusesOldVersions() async throws {
        let (peer, port) = try await OpenSSLPeer.server(
            certificate, ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        let error = await #expect(throws: ConnectionError.self) {
            _ = try await Client.connect(port: port, path: "/", certificate: certificate, compression: .off)
        }
        #expect(error?.code == .tls)
        #expect(error?.message.contains("no TLS version that is accepted") == true)
        _ = try await peer.error("unsupported protocol")
    }

    @Test func tellsAServersEndFromItsDeath() async throws {
        // As a web server it says goodbye; at its command Q it would not.
        let (ending, endingPort) = try await OpenSSLPeer.server(certificate, ["-www"])
        let ended = try await TLSStream.connect(port: endingPort, client)
        try await ended.send(Array("GET / HTTP/1.0\r\n\r\n".utf8))
        let page = try await ended.ending()
        #expect(page.error == nil)
        #expect(page.byteCount > 0)
        let (dying, dyingPort) = try await OpenSSLPeer.server(certificate)
        let cut = try await TLSStream.connect(port: dyingPort, client)
        dying.kill()
        let error = try #require(try await cut.ending().error)
        // Killed before it has read the handshake's last bytes, its kernel resets the connection instead of ending it:
        // either is a loss, and PythonTLSTests have the one without close_notify.
        #expect(error.code == .connectionLost)
        withExtendedLifetime(ending) {}
    }

    @Test func isSeenToTruncate() async throws {
        let (peer, port) = try await OpenSSLPeer.server(certificate)
        let stream = try await TLSStream.connect(port: port, client)
        await stream.abort()
        #expect(try await peer.line("ERROR") == "ERROR")
    }

    // MARK: s_client

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func isVerifiedAsServer(version: String) async throws {
        let listener = try await TLSListener(server)
        let peer = try OpenSSLPeer.client(certificate, port: listener.port, [version, "-alpn", "http/1.1"])
        let stream = try await listener.accept()
        #expect(try await peer.line("Verification") == "Verification: OK")
        #expect(try await peer.line("ALPN") == "ALPN protocol: http/1.1")
        #expect(try await peer.line("Verify return code").hasSuffix("Verify return code: 0 (ok)"))
        await stream.close()
        #expect(try await peer.line("closed") == "closed")
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func carries100MiBBothWaysAsServer(version: String) async throws {
        let listener = try await TLSListener(server, expecting: Payload.byteCount)
        let peer = try OpenSSLPeer.client(
            certificate, port: listener.port, [version, "-quiet"], output: .raw, input: payload)
        let stream = try await listener.accept()
        try await stream.sendPayload()
        #expect(try await stream.receivedChecksum() == Payload.sha256)
        await stream.close()
        #expect(try await peer.checksum() == Payload.sha256)
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func resumesAsServer(version: String) async throws {
        let listener = try await TLSListener(server)
        let file = directory.file("session")
        for (arguments, words) in [(["-sess_out", file], "New, "), (["-sess_in", file], "Reused, ")] {
            let peer = try OpenSSLPeer.client(certificate, port: listener.port, [version] + arguments)
            let stream = try await listener.accept()
            #expect(try await peer.line("Cipher is").hasPrefix(words))
            #expect(stream.handshake.isResumed == (words == "Reused, "))
            await stream.close()
            #expect(try await peer.line("closed") == "closed")
        }
    }

    @Test func refusesToRenegotiateAsServer() async throws {
        let listener = try await TLSListener(server)
        let peer = try OpenSSLPeer.client(certificate, port: listener.port, ["-tls1_2"], input: Array("R\n".utf8))
        let stream = try await listener.accept()
        _ = try await peer.error("no renegotiation")
        #expect(try await stream.ending().error != nil)
    }

    @Test func refusesOldClients() async throws {
        let listener = try await TLSListener(server)
        let peer = try OpenSSLPeer.client(
            certificate, port: listener.port, ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        await #expect(throws: (any Error).self) { _ = try await listener.accept() }
        _ = try await peer.error("protocol version")
    }

    @Test func refusesClientsOfOtherProtocols() async throws {
        let listener = try await TLSListener(server)
        let peer = try OpenSSLPeer.client(certificate, port: listener.port, ["-alpn", "h2"])
        await #expect(throws: (any Error).self) { _ = try await listener.accept() }
        _ = try await peer.error("no application protocol")
    }
}
