import InterhumanCore
import InterhumanLocalService
import InterhumanTransport
import TestPrograms
import Testing

/// Our client over `wss` through nginx, which ends TLS, to our server.
@Suite(.enabled(if: NginxProxy.isAvailable, NginxProxy.absence), .timeLimit(.minutes(5)))
struct NginxTests {
    let directory: TemporaryDirectory
    let certificate: LocalCertificate

    init() throws {
        directory = try TemporaryDirectory()
        certificate = try LocalCertificate.loadOrCreate(in: directory.file("certificate"))
    }

    @Test(arguments: DeflateVariant.allCases)
    func echoesAndIsClosedByTheClient(variant: DeflateVariant) async throws {
        let server = try await EchoServer.start(compression: variant)
        let proxy = try await NginxProxy.start(before: server.port, certificate: certificate)
        defer { withExtendedLifetime(proxy) {} }
        let channel = try await Client.connect(
            port: proxy.port, path: "/", certificate: certificate, compression: variant, keepAlive: incessantPings)
        try await Client.checkEcho(over: channel)
        await channel.close(code: 4000, reason: "bis später")
        #expect(await channel.ending().closeCode == 4000)
        let ending = try #require(await server.endings.first { _ in true })
        #expect(ending.closeCode == 4000)
        #expect(ending.reason == "bis später")
        #expect(ending.error == nil)
        #expect(ending.traffic.bytesSent == ending.traffic.bytesReceived)
        await server.shutdown()
    }

    @Test func isClosedByTheServer() async throws {
        let server = try await EchoServer.start(compression: .off)
        let proxy = try await NginxProxy.start(before: server.port, certificate: certificate)
        defer { withExtendedLifetime(proxy) {} }
        let channel = try await Client.connect(
            port: proxy.port, path: "/close", certificate: certificate, compression: .off)
        let ending = await channel.ending()
        #expect(ending.closeCode == 4321)
        #expect(ending.reason == "genug – 足够")
        #expect(ending.initiator == .remote)
        #expect(ending.error == nil)
        await server.shutdown()
    }

    @Test func carries100MiBBothWays() async throws {
        let server = try await EchoServer.start(compression: .off)
        let proxy = try await NginxProxy.start(before: server.port, certificate: certificate)
        let channel = try await Client.connect(
            port: proxy.port, path: "/", certificate: certificate, compression: .off, keepAlive: incessantPings)
        async let checksum = Self.checksum(of: channel.messages)
        for index in 0..<Payload.blockCount { try await channel.send(binary: Payload.block(index)) }
        #expect(await checksum == Payload.sha256)
        await channel.close()
        #expect(await channel.ending().error == nil)
        #expect(await proxy.tlsOfNextRequest() == ". TLSv1.3")
        await server.shutdown()
    }

    private static func checksum(of messages: MediaSequence<WebSocketChannel.Message, Never>) async -> String {
        let sum = SHA256()
        var count = 0
        for await case .binary(let bytes) in messages {
            bytes.withUnsafeBytes { sum.update($0) }
            count += bytes.count
            if count >= Payload.byteCount { break }
        }
        return sum.finish()
    }

    /// One connector takes up its TLS session when it connects again.
    @Test func resumesSessions() async throws {
        let server = try await EchoServer.start(compression: .off)
        let proxy = try await NginxProxy.start(before: server.port, certificate: certificate)
        let connector = WebSocketConnector(Client.configuration(certificate: certificate))
        for words in [". TLSv1.3", "r TLSv1.3", "r TLSv1.3"] {
            let channel = try await connector.connectWebSocket(Client.request(port: proxy.port, isSecure: true))
            try await Client.checkEcho(over: channel)
            await channel.close()
            #expect(await proxy.tlsOfNextRequest() == words)
        }
        await server.shutdown()
    }

    @Test func tellsThatItWasCutOff() async throws {
        let server = try await EchoServer.start(compression: .off)
        let proxy = try await NginxProxy.start(before: server.port, certificate: certificate)
        let channel = try await Client.connect(
            port: proxy.port, path: "/", certificate: certificate, compression: .off)
        try await Client.checkEcho(over: channel)
        proxy.kill()
        let ending = await channel.ending()
        #expect(ending.closeCode == 1006)
        // An end of TCP without close_notify, or a reset: it depends on what nginx had not read yet.
        #expect(ending.error?.code == .connectionLost)
        await server.shutdown()
    }

    @Test func tellsThatTheServerBehindIsGone() async throws {
        let server = try await EchoServer.start(compression: .off)
        let proxy = try await NginxProxy.start(before: server.port, certificate: certificate)
        defer { withExtendedLifetime(proxy) {} }
        await server.shutdown()
        let error = await #expect(throws: ConnectionError.self) {
            _ = try await Client.connect(port: proxy.port, path: "/", certificate: certificate, compression: .off)
        }
        #expect(error?.httpStatus == 502)
    }
}
