import InterhumanCore
import InterhumanTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SessionOverTLSTests {
    @Test(arguments: [false, true])
    func echoesTextAndBinary(secure: Bool) async throws {
        let authority = try TestAuthority()
        let server = try await WebSocketServer.start(
            WebSocketServerConfiguration(tls: secure ? authority.server() : nil), handler: echo)
        let connector = WebSocketConnector(WebSocketConnectorConfiguration(tls: authority.client))
        let channel = try await connector.connectWebSocket(.local(server, secure: secure))
        try await channel.send(text: "hello")
        let large = (0..<8_388_608).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 11) }
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
}
