import InterhumanCore
import InterhumanTransport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct HandshakeOutcomeTests {
    @Test func decodesErrorBodies() async throws {
        let body = #"{"error_id":"ih2001","correlation_id":"c-7","link":"https://docs","message":"Key is invalid."}"#
        for status in ["401 Unauthorized", "403 Forbidden"] {
            let server = try await ScriptedServer(
                answering: "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            let error = await failure(of: try .local(port: server.port))
            #expect(error?.code == .unauthorized)
            #expect(error?.httpStatus == Int(status.prefix(3)))
            #expect(error?.serviceError?.code.rawValue == "ih2001")
            #expect(error?.correlationID == "c-7")
            #expect(error?.message.contains("Key is invalid.") == true)
        }
    }

    @Test(arguments: [
        ("429 Too Many Requests\r\nRetry-After: 7", ConnectionError.Code.refused, 429),
        ("503 Service Unavailable\r\nRetry-After: 7", .refused, 503),
        ("404 Not Found", .refused, 404),
        ("500 Internal Server Error", .refused, 500),
        ("200 OK\r\nContent-Type: text/html", .notWebSocket, 200),
    ])
    func mapsStatuses(head: String, code: ConnectionError.Code, status: Int) async throws {
        let server = try await ScriptedServer(
            answering: "HTTP/1.1 \(head)\r\nX-Correlation-ID: c-9\r\nContent-Length: 2\r\n\r\nhi")
        let error = await failure(of: try .local(port: server.port))
        #expect(error?.code == code)
        #expect(error?.httpStatus == status)
        #expect(error?.correlationID == "c-9")
        #expect(error?.retryAfter == (head.contains("Retry-After") ? .seconds(7) : nil))
    }

    /// A server may say any date it likes.
    @Test(arguments: [
        "Sun, 06 Nov 1994 9223372036854775807:00:00 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 1994 -1:49:37 GMT",
        "Sun, 06 Nov 1994 08:-9223372036854775808:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 06 Nov 1994 08:49:37:x GMT", "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 9223372036854775807 08:49:37 GMT",
    ])
    func ignoresDatesThatAreNone(date: String) async throws {
        #expect(try await retryAfter(date) == nil)
    }

    @Test func readsDates() async throws {
        #expect(try await retryAfter("Sun, 06 Nov 1994 08:49:37 GMT") == .zero)
        // A leap second, and later than any test runs.
        let last = try #require(try await retryAfter("Fri, 31 Dec 9999 23:59:60 GMT"))
        #expect(last > .seconds(86_400 * 365 * 7_000))
    }

    private func retryAfter(_ value: String) async throws -> Duration? {
        let server = try await ScriptedServer(
            answering: "HTTP/1.1 503 Service Unavailable\r\nRetry-After: \(value)\r\nContent-Length: 0\r\n\r\n")
        let error = await failure(of: try .local(port: server.port))
        #expect(error?.httpStatus == 503)
        return error?.retryAfter
    }

    @Test func namesTheTargetOfRedirections() async throws {
        let server = try await ScriptedServer(
            answering: "HTTP/1.1 302 Found\r\nLocation: https://user:pw@other.example/path?token=s\r\n\r\n")
        let error = await failure(of: try .local(port: server.port))
        #expect(error?.code == .redirected)
        #expect(error?.message.contains("https://other.example/path,") == true)
        #expect(error?.description.contains("pw") == false)
        #expect(error?.description.contains("token") == false)
    }

    @Test(arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}F", "HTTP/1.1 banana\r\n\r\n"])
    func saysThatGarbageIsNoWebSocket(_ text: String) async throws {
        let server = try await ScriptedServer(.answer(Array(text.utf8)))
        #expect(await failure(of: try .local(port: server.port))?.code == .notWebSocket)
    }

    @Test func checksTheAcceptHeader() async throws {
        let head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        let server = try await ScriptedServer(
            answering: head + "Sec-WebSocket-Accept: bm9uc2Vuc2Ugbm9uc2Vuc2U=\r\n\r\n")
        #expect(await failure(of: try .local(port: server.port))?.code == .notWebSocket)
    }

    @Test func reportsPeersThatCloseAtOnce() async throws {
        let server = try await ScriptedServer(.closeAtOnce)
        for secure in [false, true] {
            let error = await failure(of: try .local(port: server.port, secure: secure))
            #expect(error?.code == .connectionLost)
        }
    }

    @Test func reportsPeersThatCloseInTheMiddle() async throws {
        let server = try await ScriptedServer(answering: "HTTP/1.1 101 Swi")
        #expect(await failure(of: try .local(port: server.port))?.code == .connectionLost)
    }

    @Test(arguments: [
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "plain HTTP"), ("SSH-2.0-OpenSSH_9.2\r\n", "not TLS"),
        ("\u{16}\u{3}\u{3}garbage in a record", "handshake failed"),
    ])
    func saysWhatSpeaksNoTLS(answer: String, message: String) async throws {
        let server = try await ScriptedServer(answering: answer)
        let error = await failure(of: try .local(port: server.port, secure: true))
        #expect(error?.code == .tls)
        #expect(error?.message.contains(message) == true, "\(error?.description ?? "")")
        #expect(error?.underlying?.isEmpty == false)
    }

    @Test func saysWhenTLSIsWanted() async throws {
        let authority = try TestAuthority()
        let server = try await WebSocketServer.start(
            WebSocketServerConfiguration(tls: try authority.server()), handler: echo)
        let error = await failure(of: try .local(server))
        #expect(error?.code == .notWebSocket || error?.code == .connectionLost)
        await server.shutdown()
    }

    @Test func saysWhenNobodyListens() async throws {
        let port: Int
        do {
            let server = try await WebSocketServer.start(WebSocketServerConfiguration(), handler: echo)
            port = server.port
            await server.shutdown()
        }
        let error = await failure(of: try .local(port: port))
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("127.0.0.1 could not be reached on port \(port)") == true)
        #expect(error?.underlying?.contains("refused") == true)
    }

    @Test(arguments: [false, true])
    func givesUpAtTheDeadline(secure: Bool) async throws {
        let server = try await ScriptedServer(.stall)
        let error = await failure(
            of: try .local(port: server.port, secure: secure), connectTimeout: .seconds(1))
        #expect(error?.code == .timedOut)
        let stage = secure ? "finish the TLS handshake" : "answer the WebSocket handshake"
        #expect(error?.message.contains(stage) == true)
        for await _ in server.ended { break }
    }

    @Test(arguments: [false, true])
    func freesTheSocketWhenCancelled(secure: Bool) async throws {
        let server = try await ScriptedServer(.stall)
        let request = try ConnectionRequest.local(port: server.port, secure: secure)
        let task = Task { await failure(of: request) }
        for await _ in server.opened { break }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        for await _ in server.ended { break }
    }

    @Test func failsAtOnceInACancelledTask() async throws {
        let request = try ConnectionRequest.local(port: 1)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await failure(of: request)
        }
        #expect(await task.value?.code == .cancelled)
    }

    @Test func refusesCredentialsThatFitNoSubprotocol() async throws {
        var request = try ConnectionRequest.local(port: 1)
        request.credential = Credential("two words")
        request.credentialPlacement = .subprotocol
        let error = await failure(of: request)
        #expect(error?.code == .invalidSettings)
        #expect(error?.description.contains("two words") == false)
    }
}
