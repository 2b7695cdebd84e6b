import InterhumanDeflate
import InterhumanWire
import Testing

/// RFC 7692 section 7.1, over whole handshakes.
@Suite struct NegotiationTests {
    private func handshake(
        client: PerMessageDeflate?, server: PerMessageDeflate?
    ) throws -> (client: (any MessageCompression)?, server: (any MessageCompression)?, response: String) {
        let key = try #require(HandshakeKey(bytes: [UInt8](0..<16)))
        var opening = try ClientHandshake(.init(target: "/", authority: "h", key: key, compression: client))
        var accepting = ServerHandshake()
        let outcome = opening.request.withUnsafeBytes { bytes in
            var input = bytes
            return accepting.receive(&input)
        }
        guard case .upgrade(let request) = outcome else {
            Issue.record("no upgrade")
            return (nil, nil, "")
        }
        let acceptance = try request.accept(compression: server)
        let answer = try acceptance.response.withUnsafeBytes { bytes in
            var input = bytes
            return try opening.receive(&input)
        }
        guard case .upgraded(let upgraded) = answer else {
            Issue.record("not accepted")
            return (nil, nil, "")
        }
        return (
            upgraded.compression, acceptance.compression,
            upgraded.headers.firstValue(of: "Sec-WebSocket-Extensions") ?? ""
        )
    }

    @Test func bothSidesMustWant() throws {
        #expect(try handshake(client: nil, server: PerMessageDeflate()).server == nil)
        #expect(try handshake(client: PerMessageDeflate(), server: nil).client == nil)
        let (client, server, response) = try handshake(client: PerMessageDeflate(), server: PerMessageDeflate())
        #expect(client != nil && server != nil)
        #expect(response == "permessage-deflate")
    }

    @Test func eachSideMayLimitBoth() throws {
        var modest = PerMessageDeflate()
        modest.clientMaxWindowBits = 10
        modest.serverMaxWindowBits = 9
        modest.clientContextTakeover = false
        modest.serverContextTakeover = false
        let expected = """
            permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9; \
            client_max_window_bits=10
            """
        #expect(try handshake(client: modest, server: PerMessageDeflate()).response == expected)
        #expect(try handshake(client: PerMessageDeflate(), server: modest).response == expected)
        var smaller = modest
        smaller.serverMaxWindowBits = 8
        #expect(try handshake(client: modest, server: smaller).response.contains("server_max_window_bits=8"))
    }

    @Test(arguments: [
        ("permessage-deflate", true), ("permessage-deflate; client_max_window_bits", true),
        ("permessage-deflate; server_max_window_bits=8", true), ("permessage-deflate; server_max_window_bits", false),
        ("permessage-deflate; server_max_window_bits=7", false),
        ("permessage-deflate; server_max_window_bits=16", false),
        ("permessage-deflate; server_max_window_bits=08", false),
        ("permessage-deflate; client_max_window_bits=x", false),
        ("permessage-deflate; server_no_context_takeover=1", false),
        ("permessage-deflate; client_no_context_takeover; client_no_context_takeover", false),
        ("permessage-deflate; unknown", false), ("x-webkit-deflate-frame", false),
        ("x, permessage-deflate; unknown, permessage-deflate", true),
    ])
    func offersThatBreakTheRulesAreDeclined(header: String, isTaken: Bool) throws {
        var server = ServerHandshake()
        let text = """
            GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: \(header)\r\n\r\n
            """
        let outcome = Array(text.utf8).withUnsafeBytes { bytes in
            var input = bytes
            return server.receive(&input)
        }
        guard case .upgrade(let request) = outcome else {
            Issue.record("no upgrade")
            return
        }
        #expect((try request.accept(compression: PerMessageDeflate()).compression != nil) == isTaken)
    }

    @Test(
        arguments: [
            [("unknown", nil)], [("server_max_window_bits", nil)], [("client_max_window_bits", nil)],
            [("server_max_window_bits", "15")], [("client_no_context_takeover", "1")], [],
            [("server_no_context_takeover", nil)],
        ] as [[(String, String?)]])
    func agreementsThatWereNotAskedForFail(parameters: [(String, String?)]) {
        var asked = PerMessageDeflate()
        asked.serverMaxWindowBits = 10
        asked.serverContextTakeover = false
        let response = ExtensionDescription(
            "permessage-deflate", parameters: parameters.map { ExtensionDescription.Parameter($0, $1) })
        let error = #expect(throws: WireError.self) { try asked.activate(response: response) }
        #expect(error?.code == .badHandshake)
    }
}
