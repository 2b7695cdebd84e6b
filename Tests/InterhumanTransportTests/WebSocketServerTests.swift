import InterhumanCore
import InterhumanTransport
import InterhumanWire
import Testing

@Suite(.timeLimit(.minutes(5)))
struct WebSocketServerTests {
    @Test func answersPlainRequests() async throws {
        let server = try await WebSocketServer.start(WebSocketServerConfiguration()) { exchange in
            #expect(!exchange.isWebSocketUpgrade)
            await #expect(throws: ConnectionError.self) {
                _ = try await exchange.accept(subprotocol: nil, headers: [])
            }
            let text = "\(exchange.method) \(exchange.path) \(exchange.body.count)"
            await exchange.respond(status: 201, headers: [HeaderField("X-A", "b")], body: Array(text.utf8))
            await exchange.respond(status: 500, headers: [], body: [])
        }
        let client = try await RawClient(port: server.port)
        let answer = await client.exchange("POST /a?b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nxyz")
        #expect(answer.hasPrefix("HTTP/1.1 201 Created\r\nX-A: b\r\n"))
        #expect(answer.hasSuffix("\r\n\r\nPOST /a 3"))
        await server.shutdown()
    }

    @Test func answersForHandlersThatDoNot() async throws {
        let server = try await WebSocketServer.start(WebSocketServerConfiguration()) { _ in }
        #expect(await failure(of: try .local(server))?.httpStatus == 500)
        await server.shutdown()
    }

    @Test(arguments: ["NONSENSE\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "\u{16}\u{3}\u{1}"])
    func refusesGarbage(_ text: String) async throws {
        let server = try await WebSocketServer.start(WebSocketServerConfiguration()) { _ in
            Issue.record("There is no request to handle.")
        }
        let client = try await RawClient(port: server.port)
        #expect(await client.exchange(text).hasPrefix("HTTP/1.1 400 "))
        await server.shutdown()
    }

    @Test func refusesSubprotocolsThatWereNotOffered() async throws {
        let server = try await WebSocketServer.start(WebSocketServerConfiguration()) { exchange in
            await #expect {
                _ = try await exchange.accept(subprotocol: "other", headers: [])
            } throws: { ($0 as? ConnectionError)?.code == .invalidSettings }
            await exchange.respond(status: 400, headers: [], body: [])
        }
        #expect(await failure(of: try .local(server))?.httpStatus == 400)
        await server.shutdown()
    }

    @Test func explainsOversizeBeforeClosing() async throws {
        var configuration = WebSocketServerConfiguration(oversizeText: { "too big" })
        configuration.limits.message = 100_000
        let (endings, continuation) = AsyncStream.makeStream(of: ConnectionEnding.self)
        let server = try await WebSocketServer.start(configuration) { exchange in
            guard let channel = try? await exchange.accept(subprotocol: nil, headers: []) else { return }
            for await message in channel.messages { Issue.record("\(message)") }
            continuation.yield(await channel.ending())
        }
        let channel = try await WebSocketConnector(.patient()).connectWebSocket(.local(server))
        // Far more than fits any buffer: the server has to read on for its answer to arrive.
        try? await channel.send(binary: [UInt8](repeating: 7, count: 33_000_000))
        var messages = channel.messages.makeAsyncIterator()
        #expect(await messages.next() == .text("too big"))
        #expect(await messages.next() == nil)
        let ending = await channel.ending()
        #expect(ending.closeCode == 1009)
        #expect(ending.initiator == .remote)
        let serverEnding = await endings.first { _ in true }
        #expect(serverEnding?.closeCode == 1009)
        #expect(serverEnding?.error?.code == .limitExceeded)
        await server.shutdown()
    }

    @Test func limitsConnections() async throws {
        var configuration = WebSocketServerConfiguration()
        configuration.maximumConnections = 1
        let server = try await WebSocketServer.start(configuration, handler: echo)
        let first = try await WebSocketConnector(.patient()).connectWebSocket(.local(server))
        let error = await failure(of: try .local(server))
        #expect(error?.httpStatus == 503)
        #expect(error?.retryAfter == .seconds(1))
        await first.close()
        await server.shutdown()
    }

    @Test(arguments: [false, true])
    func dropsSlowHandshakes(secure: Bool) async throws {
        var configuration = WebSocketServerConfiguration(handshakeTimeout: .milliseconds(50))
        configuration.tls = secure ? try TestAuthority().server() : nil
        let server = try await WebSocketServer.start(configuration, handler: echo)
        let client = try await RawClient(port: server.port)
        #expect(await client.exchange("GET /").isEmpty)
        await server.shutdown()
    }

    @Test func closesEverythingAtShutdown() async throws {
        let server = try await WebSocketServer.start(WebSocketServerConfiguration(), handler: echo)
        let channel = try await WebSocketConnector(.patient()).connectWebSocket(.local(server))
        try await channel.send(text: "hello")
        var messages = channel.messages.makeAsyncIterator()
        #expect(await messages.next() == .text("hello"))
        let silent = try await RawClient(port: server.port)
        await server.shutdown()
        #expect(await messages.next() == nil)
        #expect(await channel.ending().closeCode == 1001)
        #expect(await silent.exchange("").isEmpty)
        #expect(await failure(of: try .local(server))?.code == .unreachable)
    }

    @Test func saysWhenThePortIsTaken() async throws {
        let server = try await WebSocketServer.start(WebSocketServerConfiguration(), handler: echo)
        await #expect {
            _ = try await WebSocketServer.start(WebSocketServerConfiguration(port: server.port), handler: echo)
        } throws: { ($0 as? ConnectionError)?.code == .system }
        await server.shutdown()
    }
}
