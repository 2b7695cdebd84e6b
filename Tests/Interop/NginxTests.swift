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
