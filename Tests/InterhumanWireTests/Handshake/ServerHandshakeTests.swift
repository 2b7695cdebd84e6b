import InterhumanCore
import InterhumanWire
import Testing

@Suite struct ServerHandshakeTests {
    private static let upgrade = """
        GET /chat?a=b HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n
        """

    @Test func theRFCsExampleIsAccepted() throws {
        var server = ServerHandshake()
        let text = Self.upgrade + "Origin: http://example.com\r\nSec-WebSocket-Protocol: chat, superchat\r\n\r\n"
        let (outcome, left) = server.receive(Array(text.utf8) + [0x81])
        let request = try #require(outcome?.upgrade)
        #expect(left == [0x81])
        #expect(request.target == "/chat?a=b")
        #expect(request.path == "/chat")
        #expect(request.query == "a=b")
        #expect(request.origin == "http://example.com")
        #expect(request.subprotocols == ["chat", "superchat"])
        let acceptance = try request.accept(subprotocol: "chat", headers: [HeaderField("X-Correlation-ID", "1")])
        #expect(
            String(decoding: acceptance.response, as: UTF8.self) == """
                HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\
                X-Correlation-ID: 1\r\n\r\n
                """)
    }

    @Test func everySplitOfARequestGivesTheSame() {
        let bytes = Array((Self.upgrade + "\r\n").utf8)
        for split in 0..<bytes.count {
            var server = ServerHandshake()
            #expect(server.receive(Array(bytes[..<split])).outcome == nil)
            #expect(server.isInsideRequest == (split > 0))
            #expect(server.receive(Array(bytes[split...])).outcome?.upgrade != nil)
        }
    }

    @Test func clientAndServerAgree() throws {
        let key = try #require(HandshakeKey(bytes: [UInt8](0..<16)))
        var client = try ClientHandshake(
            ClientHandshake.Request(target: "/", authority: "h", key: key, subprotocols: ["a", "b"]))
        var server = ServerHandshake()
        let request = try #require(server.receive(client.request).outcome?.upgrade)
        #expect(request.query == "")
        let response = try request.accept(subprotocol: "b").response
        #expect(try client.receive(response).outcome?.acceptance?.subprotocol == "b")
    }

    @Test func aSubprotocolThatWasNotOfferedIsMisuse() throws {
        var server = ServerHandshake()
        let request = try #require(server.receive(Self.upgrade + "\r\n")?.upgrade)
        #expect(throws: WireError.self) { try request.accept(subprotocol: "x") }
        #expect(throws: WireError.self) { try request.accept(headers: [HeaderField("A", "b\r\nC: d")]) }
    }

    @Test func nothingShowsSubprotocolsOrHeaders() throws {
        var server = ServerHandshake()
        let text = Self.upgrade + "Sec-WebSocket-Protocol: topsecret\r\nAuthorization: Bearer topsecret\r\n\r\n"
        let request = try #require(server.receive(text)?.upgrade)
        var dumped = ""
        dump(request, to: &dumped)
        #expect(!"\(request) \(String(reflecting: request)) \(dumped)".contains("topsecret"))
    }

    @Test func anotherVersionGets426() throws {
        var server = ServerHandshake()
        let text = Self.upgrade.replacing("Version: 13", with: "Version: 8") + "\r\n"
        let (response, error) = try #require(server.receive(text)?.refusal)
        #expect(response.status == 426)
        #expect(response.headers.firstValue(of: "Sec-WebSocket-Version") == "13")
        #expect(error.code == .badHandshake)
        let encoded = String(decoding: try response.encoded(), as: UTF8.self)
        #expect(encoded.hasPrefix("HTTP/1.1 426 Upgrade Required\r\n"))
        #expect(encoded.contains("\r\nConnection: Upgrade, close\r\n"))
    }

    @Test(arguments: [
        upgrade.replacing("GET", with: "POST"), upgrade.replacing("Connection: Upgrade", with: "Connection: close"),
        upgrade.replacing("dGhlIHNhbXBsZSBub25jZQ==", with: "c2hvcnQ="),
        upgrade.replacing("Sec-WebSocket-Key", with: "X-Key"),
        upgrade + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        upgrade + "Sec-WebSocket-Protocol: a b\r\n", upgrade + "Sec-WebSocket-Extensions: a b\r\n",
        upgrade.replacing("HTTP/1.1", with: "HTTP/1.0"), upgrade.replacing("Host", with: "X-Host"),
        upgrade + "Host: second\r\n", upgrade.replacing("/chat?a=b", with: "/chat a"),
    ])
    func wrongUpgradesGet400(text: String) throws {
        var server = ServerHandshake()
        let (response, error) = try #require(server.receive(text + "\r\n")?.refusal)
        #expect(response.status == 400)
        #expect(error.code == .badHandshake)
    }

    @Test(arguments: ["\u{16}\u{3}\u{1}\u{2}", "\r\n\r\n", " GET"]) func garbageIsFoundOutAtOnce(text: String) throws {
        var server = ServerHandshake()
        let (response, error) = try #require(server.receive(text)?.refusal)
        #expect(response.status == 400)
        #expect(error.code == .notHTTP)
    }

    @Test func headersBeyondTheLimitGet431() throws {
        var server = ServerHandshake()
        let text = "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 20_000)
        #expect(try #require(server.receive(text)?.refusal).response.status == 431)
    }

    @Test func plainRequestsComeWithTheirBodies() throws {
        var server = ServerHandshake()
        let one = "POST /v1/client_tokens HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
        let two = "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
        let (first, left) = server.receive(Array((one + two + "GET /z HTTP/1.1\r\nHost: h\r\n\r\n").utf8))
        #expect(
            first?.request
                == HTTPRequest(
                    method: "POST", target: "/v1/client_tokens",
                    headers: [HeaderField("Host", "h"), HeaderField("Content-Length", "5")], body: Array("hello".utf8)))
        let (second, rest) = server.receive(left)
        #expect(second?.request?.body == Array("hi".utf8))
        #expect(server.receive(rest).outcome?.request?.method == "GET")
        #expect(!server.isInsideRequest)
    }

    @Test func bodiesBeyondTheLimitGet413() throws {
        var limits = HandshakeLimits()
        limits.body = 4
        var server = ServerHandshake(limits: limits)
        let text = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
        let (response, error) = try #require(server.receive(text)?.refusal)
        #expect(response.status == 413)
        #expect(error.code == .limitExceeded)
    }

    /// Two ways to say where a body ends are how requests are smuggled.
    @Test(arguments: [
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n",
        "Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: x\r\n",
    ])
    func unclearBodiesGet400(fields: String) throws {
        var server = ServerHandshake()
        let text = "POST / HTTP/1.1\r\nHost: h\r\n\(fields)\r\n"
        #expect(try #require(server.receive(text)?.refusal).response.status == 400)
    }

    @Test func responsesSayTheirLengthAndClose() throws {
        let response = HTTPResponse(
            status: 401,
            headers: [HeaderField("Content-Type", "application/json"), HeaderField("content-length", "9")],
            body: Array("{}".utf8))
        #expect(
            String(decoding: try response.encoded(), as: UTF8.self) == """
                HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\
                Connection: close\r\n\r\n{}
                """)
        #expect(HTTPResponse(status: 299).reason == "Status 299")
        #expect(throws: WireError.self) { try HTTPResponse(status: 200, reason: "a\r\nb").encoded() }
    }

    @Test func descriptionsHoldNoSecrets() {
        let fields = [HeaderField("X", "topsecret")]
        let request = HTTPRequest(
            method: "POST", target: "/p?topsecret", headers: fields, body: Array("topsecret".utf8))
        let response = HTTPResponse(status: 200, headers: fields, body: Array("topsecret".utf8))
        #expect(request.description == "POST /p (1 header fields, 9 bytes of body)")
        #expect(response.description == "HTTP 200 OK (1 header fields, 9 bytes of body)")
    }

    @Test(arguments: [101, 200, 201, 204, 400, 401, 403, 404, 405, 413, 426, 429, 431, 500, 503])
    func usualStatusesHaveWords(status: Int) {
        #expect(!HTTPResponse(status: status).reason.hasPrefix("Status"))
    }
}
