import InterhumanCore
import InterhumanWire
import Testing

@Suite struct ClientHandshakeTests {
    private static let nonce = Array("the sample nonce".utf8)
    private static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    private static let upgrade = """
        HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Accept: \(accept)\r\n
        """

    private func handshake(
        subprotocols: [String] = [], headers: [HeaderField] = [], limits: HandshakeLimits = HandshakeLimits()
    ) throws -> ClientHandshake {
        let key = try #require(HandshakeKey(bytes: Self.nonce))
        return try ClientHandshake(
            ClientHandshake.Request(
                target: "/v1/stream/analyze?x=1", authority: "example.com:8443", key: key, subprotocols: subprotocols,
                headers: headers),
            limits: limits)
    }

    // MARK: The request

    @Test func theRequestIsWrittenAsTheRFCHasIt() throws {
        let request = try handshake(
            subprotocols: ["access_token", "abc123"], headers: [HeaderField("Authorization", "Bearer key")]
        ).request
        #expect(
            String(decoding: request, as: UTF8.self) == """
                GET /v1/stream/analyze?x=1 HTTP/1.1\r\nHost: example.com:8443\r\nUpgrade: websocket\r\n\
                Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: access_token, abc123\r\n\
                Authorization: Bearer key\r\n\r\n
                """)
    }

    @Test(arguments: [
        [HeaderField("X", "a\r\nInjected: yes")], [HeaderField("X Y", "a")], [HeaderField("", "a")],
        [HeaderField("Host", "other")], [HeaderField("sec-websocket-key", "AAAA")], [HeaderField("X", "a\u{0}b")],
    ])
    func headersThatWouldBreakTheRequestAreMisuse(headers: [HeaderField]) {
        let error = #expect(throws: WireError.self) { try handshake(headers: headers) }
        #expect(error?.code == .misuse)
        #expect(error.map { !"\($0)".contains("Injected") } == true)
    }

    @Test func aCredentialThatIsNoTokenIsMisuseAndNotNamed() {
        let error = #expect(throws: WireError.self) { try handshake(subprotocols: ["se cret/="]) }
        #expect(error?.code == .misuse)
        #expect(error.map { !"\($0)".contains("cret") } == true)
    }

    @Test(arguments: ["", "x", "/a b", "/a\r\nX: y", "/ä"]) func targetsMustBePaths(target: String) throws {
        let key = try #require(HandshakeKey(bytes: Self.nonce))
        #expect(throws: WireError.self) {
            try ClientHandshake(ClientHandshake.Request(target: target, authority: "h", key: key))
        }
    }

    @Test func nothingShowsTheCredential() throws {
        let handshake = try handshake(headers: [HeaderField("Authorization", "Bearer topsecret")])
        var dumped = ""
        dump(handshake, to: &dumped)
        #expect(!"\(handshake) \(String(reflecting: handshake)) \(dumped)".contains("topsecret"))
    }

    // MARK: 101

    @Test func a101OpensTheConnection() throws {
        var client = try handshake()
        let outcome = try client.receive(Self.upgrade + "X-Correlation-ID: abc\r\n\r\n")
        let acceptance = try #require(outcome?.acceptance)
        #expect(acceptance.headers.firstValue(of: "x-correlation-id") == "abc")
        #expect(acceptance.subprotocol == nil)
        #expect(acceptance.compression == nil)
    }

    @Test func bytesBehindThe101AreLeft() throws {
        var client = try handshake()
        let (outcome, left) = try client.receive(Array((Self.upgrade + "\r\n").utf8) + [0x81, 1, 0x61])
        #expect(outcome?.acceptance != nil)
        #expect(left == [0x81, 1, 0x61])
    }

    @Test func everySplitOfThe101GivesTheSame() throws {
        let bytes = Array((Self.upgrade + "\r\n").utf8)
        for split in 0..<bytes.count {
            var client = try handshake()
            #expect(try client.receive(Array(bytes[..<split])).outcome == nil)
            #expect(try client.receive(Array(bytes[split...])).outcome?.acceptance != nil)
        }
    }

    @Test func caseAndListsInTheFieldsDoNotMatter() throws {
        var client = try handshake(subprotocols: ["access_token", "key"])
        let outcome = try client.receive(
            """
            HTTP/1.1 101 OK\r\nUPGRADE:WebSocket\r\nconnection: keep-alive, \tUpgrade \r\n\
            sec-websocket-accept: \(Self.accept)\r\nSec-WebSocket-Protocol: access_token\r\n\r\n
            """)
        #expect(outcome?.acceptance?.subprotocol == "access_token")
    }

    @Test func interimResponsesAreSkippedUpToALimit() throws {
        var client = try handshake()
        let interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        #expect(try client.receive(interim + interim + Self.upgrade + "\r\n")?.acceptance != nil)
        var flooded = try handshake()
        let error = #expect(throws: WireError.self) {
            try flooded.receive(String(repeating: interim, count: 9))
        }
        #expect(error?.code == .limitExceeded)
    }

    @Test(arguments: [
        "HTTP/1.1 101 X\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(accept)\r\n\r\n",
        "HTTP/1.1 101 X\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(accept)\r\n\r\n",
        "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: close\r\nSec-WebSocket-Accept: \(accept)\r\n\r\n",
        "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
        "HTTP/1.0 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(accept)\r\n\r\n",
        upgrade + "Sec-WebSocket-Accept: \(accept)\r\n\r\n",
        upgrade + "Sec-WebSocket-Protocol: other\r\n\r\n",
        upgrade + "Sec-WebSocket-Protocol: offered, offered\r\n\r\n",
        upgrade + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
        upgrade + "Sec-WebSocket-Extensions: ;;\r\n\r\n",
    ])
    func aWrong101IsRefused(response: String) throws {
        var client = try handshake(subprotocols: ["offered"])
        let error = #expect(throws: WireError.self) { try client.receive(response) }
        #expect(error?.code == .badHandshake)
        #expect(error?.message.contains("other") == false)
    }

    // MARK: Refusals

    @Test func aRefusalBringsStatusHeadersAndBody() throws {
        var client = try handshake()
        let outcome = try client.receive(
            "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nbodyrest")
        let response = try #require(outcome?.refusal)
        #expect(response.status == 429)
        #expect(response.reason == "Too Many Requests")
        #expect(response.headers.firstValue(of: "retry-after") == "7")
        #expect(response.body == Array("body".utf8))
        #expect(!response.isBodyTruncated)
    }

    @Test func aChunkedBodyIsPutTogetherAtEverySplit() throws {
        let bytes = Array(
            "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nT: 1\r\n\r\n"
                .utf8)
        for split in 0..<bytes.count {
            var client = try handshake()
            #expect(try client.receive(Array(bytes[..<split])).outcome == nil)
            let response = try client.receive(Array(bytes[split...])).outcome?.refusal
            #expect(response?.body == Array("abc0123456789".utf8))
        }
    }

    @Test func aBodyWithoutALengthEndsWithTheStream() throws {
        var client = try handshake()
        #expect(try client.receive("HTTP/1.0 403\r\n\r\nno") == nil)
        #expect(try client.receive(" entry") == nil)
        let response = try client.receiveEndOfStream().refusal
        #expect(response?.status == 403)
        #expect(response?.reason == "Forbidden")
        #expect(response?.body == Array("no entry".utf8))
        #expect(response?.isBodyTruncated == false)
    }

    @Test func aBodyThatBreaksOffIsToldAsCut() throws {
        var client = try handshake()
        #expect(try client.receive("HTTP/1.1 500 X\r\nContent-Length: 10\r\n\r\nabc") == nil)
        let response = try client.receiveEndOfStream().refusal
        #expect(response?.body == Array("abc".utf8))
        #expect(response?.isBodyTruncated == true)
    }

    @Test(arguments: ["Content-Length: 70000\r\n", "", "Transfer-Encoding: chunked\r\n"])
    func aBodyBeyondTheLimitIsCut(framing: String) throws {
        var client = try handshake()
        let chunk = framing.hasPrefix("T") ? "11170\r\n" : ""
        let outcome = try client.receive(
            "HTTP/1.1 500 X\r\n\(framing)\r\n" + chunk + String(repeating: "x", count: 70_000))
        #expect(outcome?.refusal?.body.count == 65_536)
        #expect(outcome?.refusal?.isBodyTruncated == true)
    }

    @Test func statusesWithoutABodyEndAtOnce() throws {
        var client = try handshake()
        #expect(try client.receive("HTTP/1.1 204 No Content\r\n\r\n")?.refusal?.body == [])
    }

    @Test func aRedirectIsARefusal() throws {
        var client = try handshake()
        let outcome = try client.receive("HTTP/1.1 301 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")
        #expect(outcome?.refusal?.status == 301)
    }

    // MARK: Garbage

    @Test(arguments: ["SSH-2.0-x", "\u{16}\u{3}\u{1}", "<html>", "HTTP/2", "http/1.1", "H\r\n"])
    func garbageIsFoundOutAtOnce(text: String) throws {
        var client = try handshake()
        let error = #expect(throws: WireError.self) { try client.receive(text) }
        #expect(error?.code == .notHTTP)
    }

    @Test(arguments: [
        "HTTP/1.1 abc X\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 99 X\r\n\r\n", "HTTP/1.1 600 X\r\n\r\n",
        "HTTP/1.x 200 X\r\n\r\n", "HTTP/1.1 +20 X\r\n\r\n",
        "HTTP/1.1 200 X\nA: b\n", "HTTP/1.1 200 X\r\rA", "HTTP/1.1 200 X\r\nNoColon\r\n\r\n",
        "HTTP/1.1 200 X\r\nA : b\r\n\r\n", "HTTP/1.1 200 X\r\nA: b\r\n folded\r\n\r\n", "HTTP/1.1 200 X\r\n: b\r\n\r\n",
        "HTTP/1.1 200 X\r\nA: b\u{0}\r\n\r\n", "HTTP/1.1 200 X\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 X\r\nContent-Length: 1, 2\r\n\r\n",
        "HTTP/1.1 200 X\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc",
        "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n1\n",
        "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
        "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n" + String(repeating: "1", count: 5000),
        "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + String(repeating: "T: 1\r\n", count: 2000),
    ])
    func malformedHTTPIsTyped(text: String) throws {
        var client = try handshake()
        let error = #expect(throws: WireError.self) { try client.receive(text) }
        #expect(error?.code == .badHandshake)
    }

    @Test func theHeaderBlockIsBounded() throws {
        var client = try handshake()
        let error = #expect(throws: WireError.self) {
            try client.receive("HTTP/1.1 200 X\r\nA: " + String(repeating: "a", count: 20_000))
        }
        #expect(error?.code == .limitExceeded)
        var crowded = try handshake()
        let fields = String(repeating: "A: b\r\n", count: 101)
        let second = #expect(throws: WireError.self) { try crowded.receive("HTTP/1.1 200 X\r\n\(fields)\r\n") }
        #expect(second?.code == .limitExceeded)
    }

    @Test func valuesThatAreNotUTF8AreReadAsLatin1() throws {
        var client = try handshake()
        let bytes = Array("HTTP/1.1 400 X\r\nA: ".utf8) + [0xE9] + Array("\r\nContent-Length: 0\r\n\r\n".utf8)
        #expect(try client.receive(bytes).outcome?.refusal?.headers.firstValue(of: "a") == "é")
    }

    @Test(arguments: ["", "HTTP/1.1 10"]) func anEndWithoutAnAnswerIsTyped(text: String) throws {
        var client = try handshake()
        #expect(try client.receive(text) == nil)
        let error = #expect(throws: WireError.self) { try client.receiveEndOfStream() }
        #expect(error?.code == .unexpectedEndOfStream)
    }
}
