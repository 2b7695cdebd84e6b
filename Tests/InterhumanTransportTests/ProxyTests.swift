import InterhumanCore
import InterhumanTransport
import Testing

/// Tunnels through a proxy of the test.
@Suite(.timeLimit(.minutes(5)))
struct ProxyTests {
    @Test(arguments: [false, true], [false, true])
    func tunnels(secure: Bool, secureProxy: Bool) async throws {
        let authority = try TestAuthority()
        let server = try await WebSocketServer.start(
            WebSocketServerConfiguration(tls: secure ? authority.server() : nil), handler: echo)
        let proxy = try await TestProxy(tls: secureProxy ? authority.server() : nil, login: "Aladdin:open sesame")
        let setting = HTTPProxy(
            host: "127.0.0.1", port: proxy.port, user: "Aladdin", password: Credential("open sesame"),
            tls: secureProxy ? authority.client : nil)
        let connector = WebSocketConnector(
            .patient(tls: authority.client, proxy: .proxy(setting)))
        let channel = try await connector.connectWebSocket(.local(server, secure: secure))
        let bytes = [UInt8](repeating: 3, count: 1_000_000)
        try await channel.send(binary: bytes)
        var messages = channel.messages.makeAsyncIterator()
        #expect(await messages.next() == .binary(bytes))
        await channel.close()
        #expect(await channel.ending().closeCode == 1000)
        #expect(proxy.targets == ["127.0.0.1:\(server.port)"])
        await server.shutdown()
    }

    @Test func wantsAPassword() async throws {
        let proxy = try await TestProxy(login: "Aladdin:open sesame")
        let none = await failure(through: HTTPProxy(host: "127.0.0.1", port: proxy.port))
        #expect(none?.code == .proxyUnauthorized)
        #expect(none?.httpStatus == 407)
        #expect(none?.message.contains("wants a user name") == true)
        let wrong = await failure(
            through: HTTPProxy(host: "127.0.0.1", port: proxy.port, user: "Aladdin", password: Credential("hunter2")))
        #expect(wrong?.code == .proxyUnauthorized)
        #expect(wrong?.httpStatus == 407)
        #expect(wrong?.message.contains("refused the user name") == true)
        #expect(wrong?.description.contains("hunter2") == false)
    }

    @Test(
        arguments: [
            ("HTTP/1.1 503 No\r\n\r\n", 503), ("HTTP/1.1 403 No\r\n\r\n", 403), ("SSH-2.0\r\n", nil),
            ("HTTP/1.1 100 Wait\r\n\r\nHTTP/1.1 502 No\r\n\r\n", 502),
            ("HTTP/1.1 abc\r\n\r\n", nil), ("HTTP/1.1 200", nil),
            ("HTTP/1.1 200 " + String(repeating: "x", count: 20_000), nil),
        ] as [(String, Int?)])
    func reportsProxiesThatFail(answer: String, status: Int?) async throws {
        let proxy = try await ScriptedServer(answering: answer)
        let error = await failure(through: HTTPProxy(host: "127.0.0.1", port: proxy.port))
        #expect(error?.code == .proxy)
        #expect(error?.httpStatus == status)
    }

    /// Interim answers must neither be waited for without end nor pile up.
    @Test func reportsProxiesThatNeverComeToThePoint() async throws {
        let flood = String(repeating: "HTTP/1.1 100 Wait\r\n\r\n", count: 100_000)
        let proxy = try await ScriptedServer(.answer(Array(flood.utf8)))
        let error = await failure(through: HTTPProxy(host: "127.0.0.1", port: proxy.port))
        #expect(error?.code == .proxy)
        #expect(error?.message.contains("too long") == true)
    }

    @Test func reportsProxiesThatCloseOrStall() async throws {
        let closing = try await ScriptedServer(.closeAtOnce)
        #expect(await failure(through: HTTPProxy(host: "127.0.0.1", port: closing.port))?.code == .proxy)
        let stalling = try await ScriptedServer(.stall)
        let error = await failure(
            through: HTTPProxy(host: "127.0.0.1", port: stalling.port), connectTimeout: .seconds(1))
        #expect(error?.code == .timedOut)
        #expect(error?.message.contains("through the proxy") == true)
    }

    @Test func reportsProxiesThatCannotBeReached() async throws {
        let error = await failure(through: HTTPProxy(host: "127.0.0.1", port: 1))
        #expect(error?.code == .proxy)
        #expect(error?.message.contains("http://127.0.0.1:1") == true)
    }

    @Test func verifiesTheFarEnd() async throws {
        let server = try await WebSocketServer.start(
            WebSocketServerConfiguration(tls: try TestAuthority().server()), handler: echo)
        let proxy = try await TestProxy()
        let setting = HTTPProxy(host: "127.0.0.1", port: proxy.port)
        let request = try ConnectionRequest.local(server, secure: true)
        let untrusting = TLSConfiguration(usesSystemTrust: false)
        #expect(await failure(through: setting, request: request, tls: untrusting)?.code == .certificateRejected)
        // Behind a proxy nobody knows where the far end is, so verification can't be left out.
        let lax = TLSConfiguration(usesSystemTrust: false, verification: .noneOnLoopback)
        #expect(await failure(through: setting, request: request, tls: lax)?.code == .invalidSettings)
        await server.shutdown()
    }

    private func failure(
        through proxy: HTTPProxy, request: ConnectionRequest? = nil, tls: TLSConfiguration = TLSConfiguration(),
        connectTimeout: Duration = patience
    ) async -> ConnectionError? {
        let connector = WebSocketConnector(
            .patient(tls: tls, proxy: .proxy(proxy), connectTimeout: connectTimeout))
        do throws(ConnectionError) {
            let fallback: ConnectionRequest
            do { fallback = try .local(port: 9) } catch { return nil }
            let channel = try await connector.connectWebSocket(request ?? fallback)
            Issue.record("The connection was opened.")
            await channel.abort()
            return nil
        } catch {
            return error
        }
    }
}
