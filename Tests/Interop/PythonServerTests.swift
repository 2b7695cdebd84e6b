import InterhumanCore
import InterhumanLocalService
import InterhumanTransport
import TestPrograms
import Testing

/// Our client against Python's `websockets` as server.
@Suite(.enabled(if: PythonPeer.isAvailable, PythonPeer.absence), .timeLimit(.minutes(5)))
struct PythonServerTests {
    let directory: TemporaryDirectory
    let certificate: LocalCertificate

    init() throws {
        directory = try TemporaryDirectory()
        certificate = try LocalCertificate.loadOrCreate(in: directory.file("certificate"))
    }

    /// Starts a peer and connects to it.
    private func connect(
        _ path: String, secure: Bool, _ variant: DeflateVariant, keepAlive: KeepAlive? = nil
    ) async throws -> (peer: PythonPeer, channel: WebSocketChannel) {
        let (peer, port) = try await PythonPeer.server(
            PythonPeer.Options(
                deflate: variant.theirs, chain: secure ? certificate.chainPath : nil,
                key: secure ? certificate.keyPath : nil))
        let channel = try await Client.connect(
            port: port, path: path, certificate: secure ? certificate : nil, compression: variant,
            keepAlive: keepAlive)
        return (peer, channel)
    }

    @Test(arguments: [false, true], DeflateVariant.allCases)
    func echoes(secure: Bool, variant: DeflateVariant) async throws {
        let (peer, channel) = try await connect("/", secure: secure, variant)
        try await Client.checkEcho(over: channel)
        await channel.close(code: 4000, reason: "bis später")
        let report = try await peer.report()
        #expect(report.code == 4000)
        #expect(report.reason == "bis später")
        variant.check(report, texts: Client.echoCounts.texts, binaries: Client.echoCounts.binaries)
        let ending = await channel.ending()
        #expect(ending.closeCode == 4000)
        #expect(ending.initiator == .local)
        #expect(ending.error == nil)
        #expect(ending.traffic.bytesSent == ending.traffic.bytesReceived)
    }

    @Test(arguments: [false, true], DeflateVariant.allCases)
    func takesFragments(secure: Bool, variant: DeflateVariant) async throws {
        let (peer, channel) = try await connect("/fragments", secure: secure, variant)
        var messages = channel.messages.makeAsyncIterator()
        #expect(await messages.next() == .text(Samples.splitText))
        #expect(await messages.next() == .binary(Samples.media))
        await channel.close()
        #expect(try await peer.report().code == 1000)
    }

    @Test(arguments: [false, true])
    func isClosed(secure: Bool) async throws {
        let (peer, channel) = try await connect("/close", secure: secure, .off)
        let ending = await channel.ending()
        #expect(ending.closeCode == 4321)
        #expect(ending.reason == "genug – 足够")
        #expect(ending.initiator == .remote)
        #expect(ending.error == nil)
        #expect(try await peer.report().code == 4321)
    }

    @Test(arguments: [false, true], [DeflateVariant.off, .contextTakeover])
    func answersPings(secure: Bool, variant: DeflateVariant) async throws {
        let (peer, channel) = try await connect("/ping", secure: secure, variant)
        var messages = channel.messages.makeAsyncIterator()
        #expect(await messages.next() == .text("pong"))
        await channel.close()
        #expect(try await peer.report().code == 1000)
    }

    @Test(arguments: [false, true], [DeflateVariant.off, .contextTakeover])
    func pingsAgainAfterPongs(secure: Bool, variant: DeflateVariant) async throws {
        let (peer, channel) = try await connect("/pinged", secure: secure, variant, keepAlive: incessantPings)
        var messages = channel.messages.makeAsyncIterator()
        #expect(await messages.next() == .text("pinged"))
        await channel.close()
        #expect(await channel.ending().error == nil)
        #expect(try await peer.report().code == 1000)
    }

    @Test func doesWithoutCompressionThatTheServerDoesNotAgreeTo() async throws {
        let (peer, port) = try await PythonPeer.server(PythonPeer.Options())
        let channel = try await Client.connect(port: port, path: "/", certificate: nil, compression: .contextTakeover)
        try await Client.checkEcho(over: channel)
        await channel.close()
        let counts = Client.echoCounts
        DeflateVariant.off.check(try await peer.report(), texts: counts.texts, binaries: counts.binaries)
    }
}
