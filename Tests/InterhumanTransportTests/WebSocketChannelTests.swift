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

    /// More than the sockets hold, so that the server comes to the end of it only while the client reads.
    @Test func messagesKeepTheirConnection() async throws {
        let count = 64
        let message = [UInt8](repeating: 7, count: 500_000)
        let (holdsOnlyMessages, continuation) = AsyncStream.makeStream(of: Void.self)
        let server = try await WebSocketServer.start(WebSocketServerConfiguration()) { exchange in
            guard let channel = try? await exchange.accept(subprotocol: nil, headers: []) else { return }
            for await _ in holdsOnlyMessages { break }
            for _ in 0..<count { try? await channel.send(binary: message) }
        }
        let messages = try await WebSocketConnector(.patient()).connectWebSocket(.local(server)).messages
        continuation.yield()
        var received = 0
        for await _ in messages { received += 1 }
        #expect(received == count)
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
