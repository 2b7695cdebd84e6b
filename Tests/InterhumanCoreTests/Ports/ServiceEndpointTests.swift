import InterhumanCore
import Testing

@Suite struct ServiceEndpointTests {
    @Test func theDefaultIsVersion1OfTheVendorsService() throws {
        let endpoint = try ServiceEndpoint()
        #expect(endpoint.description == "wss://api.interhuman.ai/v1/stream/analyze")
        #expect(endpoint.port == 443)
        #expect(endpoint.isSecure)
        #expect(endpoint.target == "/v1/stream/analyze")
        #expect(endpoint.authority == "api.interhuman.ai")
    }

    @Test func aModelGoesIntoTheQueryOnVersion2() throws {
        let endpoint = try ServiceEndpoint(version: .v2, model: .inter2Audio)
        #expect(endpoint.target == "/v2/stream/analyze?model=inter-2-audio")
        #expect(try ServiceEndpoint(version: .v2, model: .unknown("a b&c")).query == "model=a%20b%26c")
        #expect(throws: ConnectionError.self) { try ServiceEndpoint(version: .v1, model: .inter2) }
        #expect(throws: ConnectionError.self) { try ServiceEndpoint(version: .v2, model: .inter2Deep) }
    }

    @Test func aBaseURLKeepsItsPathAndQuery() throws {
        let endpoint = try ServiceEndpoint(baseURL: "https://h:8443/proxy/?a=b#part", version: .v2, model: .inter2)
        #expect(endpoint.target == "/proxy/v2/stream/analyze?a=b&model=inter-2")
        #expect(endpoint.authority == "h:8443")
        #expect(endpoint.description == "wss://h:8443/proxy/v2/stream/analyze", "the query may hold what nobody reads")
        #expect(try ServiceEndpoint(baseURL: "ws://h/p", version: .v1).path == "/p/v1/stream/analyze")
    }

    @Test(
        arguments: [
            ("wss://h", true, "h", 443, "/", ""), ("ws://h", false, "h", 80, "/", ""),
            ("HTTP://h:1", false, "h", 1, "/", ""),
            ("https://h?x", true, "h", 443, "/", "x"), ("ws://[::1]:9/p?q?r", false, "::1", 9, "/p", "q?r"),
            ("wss://[2001:db8::1]", true, "2001:db8::1", 443, "/", ""), ("ws://h:/p", false, "h", 80, "/p", ""),
            ("ws://127.0.0.1:65535", false, "127.0.0.1", 65_535, "/", ""),
        ] as [(String, Bool, String, Int, String, String)])
    func urlsAreTakenApart(
        url: String, isSecure: Bool, host: String, port: Int, path: String, query: String
    ) throws {
        let endpoint = try ServiceEndpoint(url: url)
        #expect(endpoint.isSecure == isSecure)
        #expect(endpoint.host == host)
        #expect(endpoint.port == port)
        #expect(endpoint.path == path)
        #expect(endpoint.query == query)
    }

    @Test(arguments: [
        "", "h", "://h", "ftp://h", "wss://", "wss://:1", "wss:///p", "wss://h:0", "wss://h:65536", "wss://h:x",
        "wss://h:-1", "wss://::1", "wss://[::1", "wss://[::1]x", "wss://h h", "wss://h/ä", "wss://h\r\nX: y",
        "wss://user:hunter2@h", "wss://h:1:2", "user:hunter2@h", "foo://user:hunter2@h", "wss://user:hunter2 @h",
    ])
    func otherURLsAreRefusedWithAdvice(url: String) {
        let error = #expect(throws: ConnectionError.self) { try ServiceEndpoint(url: url) }
        #expect(error?.code == .invalidSettings)
        #expect(error.map { !"\($0)".contains("hunter2") } == true)
    }

    @Test func addressesOfVersion6AreBracketedInTheHostField() throws {
        #expect(try ServiceEndpoint(url: "ws://[::1]:8080").authority == "[::1]:8080")
        #expect(try ServiceEndpoint(url: "wss://[::1]").authority == "[::1]")
    }
}
