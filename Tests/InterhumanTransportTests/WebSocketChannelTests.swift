import InterhumanCore
import InterhumanTransport
import Testing

/// What users of a bare WebSocket rely on.
@Suite(.timeLimit(.minutes(5)))
struct WebSocketChannelTests {
    @Test func sendsNothingForACancelledTask() async throws {
        let server = try await WebSocketServer.start(WebSocketServerConfiguration(), handler: echo)
        let channel = try await WebSocketConnector(.patient()).connectWebSocket(.local(server))
        let sending = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await channel.send(text: "withdrawn")
        }
        await #expect {
            try await sending.value
        } throws: { error in
            (error as? ConnectionError)?.code == .cancelled
        }
        try await channel.send(text: "next")
        var messages = channel.messages.makeAsyncIterator()
        #expect(await messages.next() == .text("next"))
        await channel.close()
        #expect(await channel.ending().traffic.messagesSent == 1)
        await server.shutdown()
    }

    @Test func settingsMayBeForEver() async throws {
        let forEver = Duration.seconds(Int64.max)
        let keepAlive = KeepAlive(interval: forEver, timeout: forEver)
        let server = try await WebSocketServer.start(
            WebSocketServerConfiguration(
                handshakeTimeout: forEver, closeTimeout: forEver, keepAlive: keepAlive, acknowledgementTimeout: forEver),
            handler: echo)
        let connector = WebSocketConnector(
            WebSocketConnectorConfiguration(
                proxy: .none, connectTimeout: forEver, keepAlive: keepAlive, closeTimeout: forEver,
                acknowledgementTimeout: forEver))
        let channel = try await connector.connectWebSocket(.local(server))
        try await channel.send(text: "hello")
        var messages = channel.messages.makeAsyncIterator()
        #expect(await messages.next() == .text("hello"))
        await channel.close()
        #expect(await channel.ending().closeCode == 1000)
        await server.shutdown()
    }
}
