import InterhumanCore
import Testing

@testable import InterhumanTransport

struct ProxyEnvironmentTests {
    @Test(
        arguments: [
            (["HTTPS_PROXY": "http://p:1"], "wss://a.example", "http://p:1"),
            (["https_proxy": "p:1", "HTTPS_PROXY": "q:2"], "wss://a.example", "http://p:1"),
            (["ALL_PROXY": "http://p:1"], "wss://a.example", "http://p:1"),
            (["ALL_PROXY": "http://p:1", "HTTPS_PROXY": "http://q:2"], "wss://a.example", "http://q:2"),
            (["HTTPS_PROXY": "http://p:1"], "ws://a.example", nil),
            (["http_proxy": "http://p"], "ws://a.example", "http://p:80"),
            (["HTTP_PROXY": "http://p:1"], "ws://a.example", nil),
            (["HTTPS_PROXY": "https://p"], "wss://a.example", "https://p:443"),
            (["HTTPS_PROXY": "http://[::1]:3128/"], "wss://a.example", "http://[::1]:3128"),
            (["HTTPS_PROXY": ""], "wss://a.example", nil),
            (["HTTPS_PROXY": "http://p:1"], "wss://localhost", nil),
            (["HTTPS_PROXY": "http://p:1"], "wss://127.1.2.3", nil),
            (["HTTPS_PROXY": "http://p:1"], "wss://[::1]", nil),
            (["HTTPS_PROXY": "http://p:1", "NO_PROXY": "b.example, a.example"], "wss://a.example", nil),
            (["HTTPS_PROXY": "http://p:1", "no_proxy": "*"], "wss://a.example", nil),
        ] as [([String: String], String, String?)])
    func choosesTheProxy(environment: [String: String], url: String, expected: String?) throws {
        let endpoint = try ServiceEndpoint(url: url)
        let proxy = try ProxyEnvironment { environment[$0] }.proxy(for: endpoint)
        #expect(proxy?.description == expected)
    }

    @Test(arguments: [
        ("example.com", "example.com", true), ("example.com", "api.EXAMPLE.com", true),
        (".example.com", "api.example.com", true), (".example.com", "example.com", true),
        ("*.example.com", "api.example.com", true), ("example.com", "notexample.com", false),
        ("example.com:443", "example.com", true), ("example.com:8443", "example.com", false),
        ("example.com.", "example.com", true), ("10.0.0.0/8", "10.200.3.4", true),
        ("10.0.0.0/8", "11.0.0.1", false), ("192.168.4.0/23", "192.168.5.9", true),
        ("192.168.4.0/23", "192.168.6.1", false), ("192.168.1.7", "192.168.1.7", true),
        ("192.168.1.7:443", "192.168.1.7", true), ("192.168.1.7:80", "192.168.1.7", false),
        ("fd00::/8", "fd12::9", true), ("fd00::/8", "fe80::1", false), ("[fd00::1]:443", "fd00::1", true),
        ("0.0.0.0/0", "8.8.8.8", true), ("10.0.0.0/8", "10.example.com", false), ("", "a", false),
        ("10.0.0.0/8", "::ffff:10.1.1.1", true), ("10.0.0.0/99", "10.0.0.1", false), (" , ,x", "x", true),
    ])
    func appliesExceptions(rules: String, host: String, isDirect: Bool) {
        #expect(NoProxyRules(rules).contains(host: host, port: 443) == isDirect)
    }

    @Test func readsCredentials() throws {
        let proxy = try HTTPProxy(url: "http://us%40er:p%3Aa:ss@proxy.example:3128")
        #expect(proxy.user == "us@er")
        #expect(proxy.password?.reveal() == "p:a:ss")
        #expect(proxy.host == "proxy.example")
        #expect(proxy.port == 3128)
        #expect(!String(describing: proxy).contains("us"))
        #expect(!String(reflecting: proxy).contains("a:ss"))
    }

    @Test(arguments: ["socks5://u:secret@p:1", "http://u:secret@", "http://u:secret@p:x", "ftp://p"])
    func refusesWhatItCannotUse(url: String) throws {
        let endpoint = try ServiceEndpoint(url: "wss://a.example")
        #expect {
            _ = try ProxyEnvironment { $0 == "HTTPS_PROXY" ? url : nil }.proxy(for: endpoint)
        } throws: { error in
            let text = String(describing: error)
            return (error as? ConnectionError)?.code == .invalidSettings && text.contains("HTTPS_PROXY")
                && !text.contains("secret")
        }
    }
}
