import InterhumanCore
import InterhumanTransport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct SessionOverTLSTests {
    @Test(arguments: [false, true])
    func echoesTextAndBinary(secure: Bool) async throws {
        let authority = try TestAuthority()
        let server = try await WebSocketServer.start(
            WebSocketServerConfiguration(tls: secure ? authority.server() : nil), handler: echo)
        let connector = WebSocketConnector(.patient(tls: authority.client))
        let channel = try await connector.connectWebSocket(.local(server, secure: secure))
        try await channel.send(text: "hello")
        let large = Self.pattern(blockCount: 128)
        try await channel.send(binary: [Array(large[..<100]), Array(large[100...])])
        var messages = channel.messages.makeAsyncIterator()
        #expect(await messages.next() == .text("hello"))
        #expect(await messages.next() == .binary(large))
        await channel.close()
        let ending = await channel.ending()
        #expect(ending.closeCode == 1000)
        #expect(ending.initiator == .local)
        #expect(ending.error == nil)
        #expect(ending.traffic.bytesSent == 5 + large.count)
        #expect(ending.traffic.bytesReceived == 5 + large.count)
        await server.shutdown()
    }

    /// Blocks of 64 KiB, each led by its number, so that no two are the same.
    private static func pattern(blockCount: Int) -> [UInt8] {
        let block = (0..<65_532).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(blockCount * 65_536)
        for number in 0..<blockCount {
            withUnsafeBytes(of: UInt32(number)) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: block)
        }
        return bytes
    }
}
