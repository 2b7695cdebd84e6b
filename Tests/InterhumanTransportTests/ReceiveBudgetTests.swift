import InterhumanCore
import InterhumanTransport
import Testing

/// What all connections of a server may hold together.
@Suite(.timeLimit(.minutes(2))) struct ReceiveBudgetTests {
    private static let half = 512 << 10

    /// A server that sends back what comes to `/echo`, takes one message of `/hold`, says so and keeps it, and reads
    /// nothing of others.
    private func server(common: Int, share: Int) async throws -> WebSocketServer {
        let configuration = WebSocketServerConfiguration(
            receiveBudget: ReceiveBudget(common: common, share: share))
        return try await WebSocketServer.start(configuration) { exchange in
            guard exchange.path != "/echo" else { return await echo(exchange) }
            guard let channel = try? await exchange.accept(subprotocol: nil, headers: []) else { return }
            if exchange.path == "/hold" {
                var messages = channel.messages.makeAsyncIterator()
                _ = await messages.next()
                try? await channel.send(text: "held")
            }
            _ = await channel.ending()
        }
    }

    private func connect(_ server: WebSocketServer, _ path: String) async throws -> WebSocketChannel {
        try await WebSocketConnector(.patient()).connectWebSocket(.local(server, path: path))
    }

    @Test func theConnectionThatExceedsItIsClosedAndTheOthersAreServed() async throws {
        let server = try await server(common: 1 << 20, share: 64 << 10)
        let greedy = try await connect(server, "/deaf")
        let modest = try await connect(server, "/echo")
        async let ending = greedy.ending()
        for _ in 0..<8 { try? await greedy.send(binary: [UInt8](repeating: 1, count: Self.half)) }
        #expect(await ending.closeCode == 1013)
        #expect(await ending.reason.contains("memory"))
        try await modest.send(binary: [UInt8](repeating: 2, count: 50_000))
        var messages = modest.messages.makeAsyncIterator()
        #expect(await messages.next() == .binary([UInt8](repeating: 2, count: 50_000)))
        await server.shutdown()
    }

    @Test func itIsSharedByAllAndGivenBack() async throws {
        let server = try await server(common: 1 << 20, share: 64 << 10)
        let message = [UInt8](repeating: 1, count: 700 << 10)
        let first = try await connect(server, "/hold")
        try await first.send(binary: message)
        var answers = first.messages.makeAsyncIterator()
        #expect(await answers.next() == .text("held"))
        // Neither is too much alone; together they are.
        let second = try await connect(server, "/hold")
        async let ending = second.ending()
        try? await second.send(binary: message)
        #expect(await ending.closeCode == 1013)
        await first.close()
        // What both held is free again as soon as the server has let go of them.
        var answer: WebSocketChannel.Message?
        while answer == nil {
            let third = try await connect(server, "/echo")
            try? await third.send(binary: message)
            var messages = third.messages.makeAsyncIterator()
            answer = await messages.next()
            await third.close()
        }
        #expect(answer == .binary(message))
        await server.shutdown()
    }

    @Test func whatTheConsumerIsDoneWithDoesNotCount() async throws {
        let server = try await server(common: 2 << 20, share: 0)
        let channel = try await connect(server, "/echo")
        var messages = channel.messages.makeAsyncIterator()
        // One in the consumer's hands, one that arrives, and what arrays reserve beyond it: twenty would be too many.
        let message = [UInt8](repeating: 5, count: Self.half)
        for _ in 0..<20 {
            try await channel.send(binary: message)
            #expect(await messages.next() == .binary(message))
        }
        await server.shutdown()
    }

    @Test func fragmentsOfOneMessageCountAsTheyCome() async throws {
        let server = try await server(common: 256 << 10, share: 0)
        let channel = try await connect(server, "/echo")
        async let ending = channel.ending()
        // The server hands it to nobody before it is whole.
        try? await channel.send(binary: [UInt8](repeating: 1, count: 4 << 20))
        #expect(await ending.closeCode == 1013)
        await server.shutdown()
    }
}
