import InterhumanCore
import InterhumanTransport
import Testing

/// The port that a session uses, against a server of the test.
@Suite(.timeLimit(.minutes(5)))
struct AnalysisConnectionTests {
    @Test func carriesTheProtocolsMessages() async throws {
        let (received, continuation) = AsyncStream.makeStream(of: WebSocketChannel.Message.self)
        let server = try await serve { channel in
            for await message in channel.messages { continuation.yield(message) }
        }
        let connection = try await connect(server)
        #expect(connection.correlationID == "c-1")
        try await connection.send(SessionConfiguration(include: [], goalDimensions: [.clarity]))
        let segment = MediaSegment(
            index: 0, header: [1, 2], body: [3, 4, 5], timeRange: TimeRange(start: .zero, end: .zero), mediaStart: 0,
            mediaEnd: 3, videoFrameCount: 1, audioSampleCount: 1)
        try await connection.send(segment, includingHeader: true)
        try await connection.send(segment, includingHeader: false)
        try await connection.requestClose()
        var messages = received.makeAsyncIterator()
        #expect(await messages.next() == .text(#"{"goal_dimensions":["clarity"],"include":[]}"#))
        #expect(await messages.next() == .binary([1, 2, 3, 4, 5]))
        #expect(await messages.next() == .binary([3, 4, 5]))
        #expect(await messages.next() == .text(#"{"type":"session.close"}"#))
        await connection.close()
        await server.shutdown()
    }

    @Test func decodesMessagesAndEndsOnce() async throws {
        let server = try await serve { channel in
            try? await channel.send(text: #"{"type":"feedback.generated","data":{"feedback":"Well done."}}"#)
            try? await channel.send(text: "not JSON")
            try? await channel.send(binary: [1, 2, 3])
            try? await channel.send(text: #"{"type":"new.thing","data":{}}"#)
            await channel.close(code: 1000, reason: "done")
        }
        var events = try await connect(server).events.makeAsyncIterator()
        #expect(await events.next()?.body == .feedbackGenerated(Feedback(text: "Well done.")))
        let text = await events.next()
        #expect(text?.isUnknown == true)
        #expect(text?.message?.rawJSON == "not JSON")
        #expect(await events.next()?.isUnknown == true)
        let new = await events.next()
        #expect(new?.isUnknown == true)
        #expect(new?.message?.type == "new.thing")
        let ending = await events.next()?.ending
        #expect(ending?.closeCode == 1000)
        #expect(ending?.reason == "done")
        #expect(ending?.initiator == .remote)
        #expect(ending?.error == nil)
        #expect(ending?.traffic.messagesReceived == 4)
        #expect(await events.next() == nil)
        await server.shutdown()
    }

    @Test func namesTheErrorEnvelopeAsTheCause() async throws {
        let server = try await serve { channel in
            try? await channel.send(text: #"{"type":"error","data":{"code":"ih3003","message":"Quota exhausted."}}"#)
            await channel.close(code: 4029, reason: "quota")
        }
        let connection = try await connect(server)
        let ending = await connection.ending()
        #expect(ending?.closeCode == 4029)
        #expect(ending?.error?.code == .endedByService)
        #expect(ending?.error?.serviceError?.code.rawValue == "ih3003")
        #expect(ending?.error?.correlationID == "c-1")
        #expect(ending?.error?.message.contains("Quota exhausted.") == true)
        // A sender learns the same, though it read no message.
        await #expect {
            try await connection.requestClose()
        } throws: { error in
            let error = error as? ConnectionError
            return error?.serviceError?.code.rawValue == "ih3003" && error?.closeCode == 4029
        }
        await server.shutdown()
    }

    /// An error that did not end the session is in the account of its ending all the same.
    @Test func keepsTheLastErrorInCleanEndings() async throws {
        let server = try await serve { channel in
            try? await channel.send(text: #"{"type":"error","data":{"code":"ih6001","message":"Bad config."}}"#)
            await channel.close(code: 1000, reason: "done")
        }
        let ending = await (try connect(server)).ending()
        #expect(ending?.error == nil)
        #expect(ending?.lastServiceError?.code.rawValue == "ih6001")
        await server.shutdown()
    }

    /// What the service went on after did not end the connection, whether the user has read it or not.
    @Test func blamesNoErrorThatTheServiceWentOnAfter() async throws {
        let server = try await serve { channel in
            try? await channel.send(text: #"{"type":"error","data":{"code":"ih2003","message":"No such scope."}}"#)
            try? await channel.send(text: #"{"type":"feedback.generated","data":{"feedback":"Well done."}}"#)
            await channel.abort()
        }
        let connection = try await connect(server)
        await #expect {
            while true { try await connection.requestClose() }
        } throws: { error in
            (error as? ConnectionError).map { $0.code == .connectionLost && $0.serviceError == nil } == true
        }
        let ending = await connection.ending()
        #expect(ending?.error?.code == .connectionLost)
        #expect(ending?.error?.serviceError == nil)
        #expect(ending?.lastServiceError?.code.rawValue == "ih2003")
        await server.shutdown()
    }

    /// The same where the service closes: the error's text does not explain the close frame.
    @Test func quotesNoErrorThatTheServiceWentOnAfter() async throws {
        let server = try await serve { channel in
            try? await channel.send(text: #"{"type":"error","data":{"code":"ih2003","message":"No such scope."}}"#)
            try? await channel.send(text: "not JSON")
            await channel.close(code: 1001, reason: "restart")
        }
        let ending = await (try connect(server)).ending()
        #expect(ending?.error?.code == .endedByService)
        #expect(ending?.error?.serviceError == nil)
        #expect(ending?.error?.message.contains("No such scope.") == false)
        #expect(ending?.lastServiceError?.code.rawValue == "ih2003")
        await server.shutdown()
    }

    /// Taking leave is not going on.
    @Test func blamesTheErrorBeforeALeave() async throws {
        let server = try await serve { channel in
            try? await channel.send(text: #"{"type":"error","data":{"code":"ih6004","message":"Too long."}}"#)
            try? await channel.send(text: #"{"type":"session.closing","data":{"max_drain_seconds":1}}"#)
            try? await channel.send(text: #"{"type":"session.ended","data":{"reason":"max_duration"}}"#)
            await channel.close(code: 1001, reason: "")
        }
        let ending = await (try connect(server)).ending()
        #expect(ending?.error?.serviceError?.code.rawValue == "ih6004")
        #expect(ending?.error?.message.contains("Too long.") == true)
        await server.shutdown()
    }

    @Test(arguments: [false, true])
    func tellsABrokenConnection(secure: Bool) async throws {
        let authority = try TestAuthority()
        let server = try await serve(tls: secure ? authority.server() : nil) { await $0.abort() }
        let ending = await (try connect(server, tls: authority.client, secure: secure)).ending()
        #expect(ending?.closeCode == 1006)
        #expect(ending?.initiator == nil)
        #expect(ending?.error?.code == .connectionLost)
        // Without close_notify somebody in between may have cut TLS off; a reset looks like an error of the socket.
        await server.shutdown()
    }

    /// The service explains itself and resets the connection while megabytes are still on their way to it.
    @Test(arguments: [false, true])
    func explainsFailedWrites(secure: Bool) async throws {
        let authority = try TestAuthority()
        let server = try await serve(tls: secure ? authority.server() : nil) { channel in
            var messages = channel.messages.makeAsyncIterator()
            _ = await messages.next()
            try? await channel.send(text: #"{"type":"error","data":{"code":"ih6002","message":"Too large."}}"#)
            await channel.abort()
        }
        let connection = try await connect(server, tls: authority.client, secure: secure)
        let body = [UInt8](repeating: 1, count: 30_000_000)
        let segment = MediaSegment(
            index: 0, header: [], body: body, timeRange: TimeRange(start: .zero, end: .zero), mediaStart: 0,
            mediaEnd: 3, videoFrameCount: 1, audioSampleCount: 1)
        try await connection.requestClose()
        await #expect {
            while true { try await connection.send(segment, includingHeader: false) }
        } throws: { error in
            let error = error as? ConnectionError
            return error?.serviceError?.code.rawValue == "ih6002" && error?.closeCode == 1006
                && error?.correlationID == "c-1"
        }
        await server.shutdown()
    }

    @Test func deliversWhatComesWithTheHandshake() async throws {
        let server = try await WebSocketServer.start(WebSocketServerConfiguration()) { exchange in
            guard let channel = try? await exchange.accept(subprotocol: nil, headers: []) else { return }
            try? await channel.send(text: #"{"type":"session.ready","data":{}}"#)
            for await _ in channel.messages {}
        }
        let connection = try await WebSocketConnector(.patient()).connect(.local(server))
        var events = connection.events.makeAsyncIterator()
        #expect(await events.next()?.message?.type == "session.ready")
        await connection.close()
        #expect(await events.next()?.ending?.closeCode == 1000)
        await server.shutdown()
    }

    @Test(arguments: [CredentialPlacement.authorizationHeader, .subprotocolPair, .subprotocol])
    func placesTheCredential(_ placement: CredentialPlacement) async throws {
        let (exchanges, continuation) = AsyncStream.makeStream(of: ServerExchange.self)
        let server = try await WebSocketServer.start(WebSocketServerConfiguration()) { exchange in
            continuation.yield(exchange)
            let channel = try? await exchange.accept(subprotocol: exchange.offeredSubprotocols.first, headers: [])
            await channel?.close()
        }
        var request = try ConnectionRequest.local(server, path: "/v2/stream/analyze?model=inter-2&a=b%20c")
        request.credentialPlacement = placement
        request.headers = [HeaderField("Origin", "https://app.example")]
        let connection = try await WebSocketConnector(.patient()).connect(request)
        let exchange = try #require(await exchanges.first { _ in true })
        switch placement {
        case .authorizationHeader:
            #expect(exchange.firstHeader("authorization") == "Bearer ih_test_secret")
            #expect(exchange.offeredSubprotocols.isEmpty)
        case .subprotocolPair: #expect(exchange.offeredSubprotocols == ["access_token", "ih_test_secret"])
        case .subprotocol: #expect(exchange.offeredSubprotocols == ["ih_test_secret"])
        }
        #expect(exchange.firstHeader("Origin") == "https://app.example")
        #expect(exchange.path == "/v2/stream/analyze")
        #expect(exchange.query.map(\.name) == ["model", "a"])
        #expect(exchange.query.map(\.value) == ["inter-2", "b c"])
        await connection.close()
        await server.shutdown()
    }

    private func serve(
        tls: TLSServerConfiguration? = nil, _ body: @escaping @Sendable (WebSocketChannel) async -> Void
    ) async throws -> WebSocketServer {
        try await WebSocketServer.start(WebSocketServerConfiguration(tls: tls)) { exchange in
            let headers = [HeaderField("X-Correlation-ID", "c-1")]
            guard let channel = try? await exchange.accept(subprotocol: nil, headers: headers) else { return }
            await body(channel)
        }
    }

    private func connect(
        _ server: WebSocketServer, tls: TLSConfiguration = TLSConfiguration(), secure: Bool = false
    ) async throws -> any AnalysisConnection {
        let connector = WebSocketConnector(.patient(tls: tls))
        return try await connector.connect(.local(server, secure: secure))
    }
}

extension AnalysisConnection {
    /// Reads to the end.
    fileprivate func ending() async -> ConnectionEnding? {
        for await event in events {
            if let ending = event.ending { return ending }
        }
        return nil
    }
}

extension ConnectionEvent {
    fileprivate var message: ServerMessage? {
        if case .message(let message) = self { message } else { nil }
    }

    fileprivate var body: ServerMessage.Body? { message?.body }

    fileprivate var isUnknown: Bool {
        if case .unknown = body { true } else { false }
    }

    fileprivate var ending: ConnectionEnding? {
        if case .ended(let ending) = self { ending } else { nil }
    }
}
