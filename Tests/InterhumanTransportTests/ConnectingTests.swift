import InterhumanCore
import NIOCore
import NIOPosix
import TestPrograms
import Testing

@testable import InterhumanTransport

/// The way to a TCP connection: names, addresses, one deadline, and the ways out of it.
@Suite(.timeLimit(.minutes(5)))
struct ConnectingTests {
    /// Neither an address that refuses nor one that never answers keeps the other family's from being used.
    @Test(arguments: [false, true])
    func usesTheAddressThatAnswers(isBlackHole: Bool) async throws {
        let (server, hole) = try await serverBesideBlackHole()
        defer { withExtendedLifetime(hole) {} }
        let dead = try SocketAddress(ipAddress: "::1", port: isBlackHole ? server.port : 1)
        let live = try SocketAddress(ipAddress: "127.0.0.1", port: server.port)
        let connector = connector(v4: .addresses([live]), v6: .addresses([dead]))
        let channel = try await connector.connectWebSocket(request(port: server.port))
        try await channel.send(text: "hello")
        var messages = channel.messages.makeAsyncIterator()
        #expect(await messages.next() == .text("hello"))
        await channel.close()
        await server.shutdown()
    }

    @Test func usesIPv6WithoutIPv4() async throws {
        let server = try await WebSocketServer.start(WebSocketServerConfiguration(host: "::1"), handler: echo)
        let address = try SocketAddress(ipAddress: "::1", port: server.port)
        let connector = connector(v4: .failure, v6: .addresses([address]))
        await (try connector.connectWebSocket(request(port: server.port))).close()
        await server.shutdown()
    }

    @Test func namesEveryAddressThatFailed() async throws {
        let addresses = try ["127.0.0.1", "127.0.0.2"].map { try SocketAddress(ipAddress: $0, port: 1) }
        let error = await verdict(v4: .addresses(addresses), v6: .failure, port: 1)
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("any of its 2 addresses") == true)
        #expect(error?.underlying?.contains("127.0.0.2") == true)
    }

    @Test func saysThatANameHasNoAddress() async throws {
        let error = await verdict(v4: .failure, v6: .failure, port: 443)
        #expect(error?.code == .nameNotResolved)
        #expect(error?.operation == "resolve service.test")
        #expect(error?.message.contains("The name service.test has no address. Check its spelling") == true)
        #expect(error?.underlying?.contains("Name or service not known") == true)
    }

    @Test func saysTheSameOfNoAnswers() async throws {
        #expect(await verdict(v4: .addresses([]), v6: .addresses([]), port: 443)?.code == .nameNotResolved)
    }

    // MARK: One deadline

    @Test func givesUpANameServiceThatStalls() async throws {
        let error = await verdict(v4: .never, v6: .never, port: 443, connectTimeout: .milliseconds(200))
        #expect(error?.code == .timedOut)
        #expect(error?.message.contains("get an address from the name service within 0.2 seconds") == true)
    }

    @Test func givesUpAnAddressThatNeverAnswers() async throws {
        let (server, hole) = try await serverBesideBlackHole()
        defer { withExtendedLifetime(hole) {} }
        let dead = try SocketAddress(ipAddress: "::1", port: server.port)
        let error = await verdict(
            v4: .failure, v6: .addresses([dead]), port: server.port, connectTimeout: .milliseconds(200))
        #expect(error?.code == .timedOut)
        #expect(error?.message.contains("accept a TCP connection") == true)
        await server.shutdown()
    }

    // MARK: Cancelling

    @Test func stopsWaitingForANameWhenCancelled() async throws {
        let (asked, continuation) = AsyncStream.makeStream(of: Void.self)
        let connector = WebSocketConnector(.patient()) { eventLoop in
            continuation.yield()
            return TestResolver(eventLoop: eventLoop, v4: .never, v6: .never)
        }
        await checkCancelling(connector, port: 443, when: asked)
    }

    @Test func stopsWaitingForAnAddressWhenCancelled() async throws {
        let (server, hole) = try await serverBesideBlackHole()
        defer { withExtendedLifetime(hole) {} }
        let dead = try SocketAddress(ipAddress: "::1", port: server.port)
        let (asked, continuation) = AsyncStream.makeStream(of: Void.self)
        let connector = WebSocketConnector(.patient()) { eventLoop in
            // By the next turn of the event loop the socket is there and connecting.
            eventLoop.execute { eventLoop.execute { continuation.yield() } }
            return TestResolver(eventLoop: eventLoop, v4: .failure, v6: .addresses([dead]))
        }
        await checkCancelling(connector, port: server.port, when: asked)
        await server.shutdown()
    }

    private func checkCancelling(_ connector: WebSocketConnector, port: Int, when: AsyncStream<Void>) async {
        let task = Task { await verdict(connector, port: port) }
        for await _ in when { break }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
    }

    // MARK: The link

    /// Wherever in the handshake a server's bytes stop, the error comes at once and names TLS.
    @Test(arguments: [1, 5, 60, 127, 200, 700])
    func reportsServersThatCloseInTheMiddleOfTLS(byteCount: Int) async throws {
        try await checkHandshake(.close(after: byteCount), connectTimeout: patience) { error in
            #expect(error?.code == .connectionLost)
            #expect(error?.message.contains("during the TLS handshake") == true, "\(error?.description ?? "none")")
        }
    }

    @Test(arguments: [1, 127, 700])
    func givesUpServersThatStallInTheMiddleOfTLS(byteCount: Int) async throws {
        try await checkHandshake(.freeze(after: byteCount), connectTimeout: .milliseconds(300)) { error in
            #expect(error?.code == .timedOut)
            #expect(error?.message.contains("finish the TLS handshake") == true, "\(error?.description ?? "none")")
        }
    }

    private func checkHandshake(
        _ fault: Relay.Fault, connectTimeout: Duration, _ check: (ConnectionError?) -> Void
    ) async throws {
        let authority = try TestAuthority()
        let server = try await WebSocketServer.start(
            WebSocketServerConfiguration(tls: authority.server(.init(key: .rsa2048))), handler: echo)
        let proxy = try await Relay(to: server.port, fault)
        let request = try ConnectionRequest.local(port: proxy.port, secure: true)
        check(await failure(of: request, tls: authority.client, connectTimeout: connectTimeout))
        await server.shutdown()
    }

    // MARK: Parts

    /// A server on 127.0.0.1, and on the same port of ::1 nothing that ever answers.
    private func serverBesideBlackHole() async throws -> (WebSocketServer, BlackHole) {
        for _ in 0..<100 {
            let server = try await WebSocketServer.start(WebSocketServerConfiguration(), handler: echo)
            if let hole = try BlackHole(port: server.port) { return (server, hole) }
            await server.shutdown()
        }
        throw ConnectionError(.system, operation: "find a port", message: "No port is free for both families.")
    }

    private func connector(
        v4: TestResolver.Answer, v6: TestResolver.Answer, connectTimeout: Duration = patience
    ) -> WebSocketConnector {
        WebSocketConnector(.patient(connectTimeout: connectTimeout)) {
            TestResolver(eventLoop: $0, v4: v4, v6: v6)
        }
    }

    private func request(port: Int) throws -> ConnectionRequest { try .local(port: port, host: "service.test") }

    private func verdict(
        v4: TestResolver.Answer, v6: TestResolver.Answer, port: Int, connectTimeout: Duration = patience
    ) async -> ConnectionError? {
        await verdict(connector(v4: v4, v6: v6, connectTimeout: connectTimeout), port: port)
    }

    private func verdict(_ connector: WebSocketConnector, port: Int) async -> ConnectionError? {
        do {
            await (try connector.connectWebSocket(request(port: port))).abort()
            Issue.record("The connection was opened.")
            return nil
        } catch {
            return error as? ConnectionError
        }
    }
}
