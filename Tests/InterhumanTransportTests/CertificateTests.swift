import InterhumanCore
import InterhumanTransport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct CertificateTests {
    /// Names in the certificate, the host asked for, and a piece of the message when it is refused.
    struct Names: Sendable {
        let names: String?
        let host: String
        let refusal: String?
    }

    @Test(arguments: [
        Names(names: "DNS:localhost", host: "localhost", refusal: nil),
        Names(names: "IP:127.0.0.1", host: "127.0.0.1", refusal: nil),
        Names(names: "DNS:localhost", host: "127.0.0.1", refusal: "it names localhost, not 127.0.0.1"),
        Names(names: "IP:127.0.0.2,DNS:a.example", host: "127.0.0.1", refusal: "it names 127.0.0.2, a.example"),
        Names(names: "IP:127.0.0.1", host: "localhost", refusal: "it names 127.0.0.1, not localhost"),
        Names(names: nil, host: "localhost", refusal: "it names no host"),
    ])
    func verifiesNames(_ names: Names) async throws {
        let request = TestCertificate.Request(commonName: "localhost", alternativeNames: names.names)
        try await check(request, host: names.host, refusal: names.refusal)
    }

    /// A name that needs no resolving: the endpoint is 127.0.0.1, the name asked for is set.
    @Test(arguments: [
        Names(names: "DNS:*.example.com", host: "api.example.com", refusal: nil),
        Names(names: "DNS:*.example.com", host: "example.com", refusal: "it names *.example.com"),
        Names(names: "DNS:*.example.com", host: "a.b.example.com", refusal: "it names *.example.com"),
        Names(names: "DNS:a*.example.com", host: "api.example.com", refusal: "it names a*.example.com"),
        Names(names: "DNS:API.Example.COM", host: "api.example.com", refusal: nil),
    ])
    func verifiesWildcards(_ names: Names) async throws {
        let authority = try TestAuthority()
        var tls = authority.client
        tls.serverName = names.host
        let server = try authority.server(.init(alternativeNames: names.names))
        try await check(server, tls: tls, host: "127.0.0.1", refusal: names.refusal)
    }

    @Test func refusesExpired() async throws {
        try await check(.init(notBefore: -7200, notAfter: -3600), refusal: "expired on")
    }

    @Test func refusesNotYetValid() async throws {
        try await check(.init(notBefore: 3600), refusal: "is not valid before")
    }

    @Test(arguments: TestCertificate.Key.allCases)
    func verifiesKeys(_ key: TestCertificate.Key) async throws {
        guard key != .rsa1024 else { return }
        try await check(.init(key: key), refusal: nil)
    }

    @Test func refusesUnknownAuthority() async throws {
        let server = try TestAuthority().server()
        // The same name, another key.
        try await check(server, tls: TestAuthority().client, refusal: "but by another of that name")
        try await check(server, tls: TestAuthority(name: "other").client, refusal: "was issued by CN = test authority")
    }

    @Test func refusesUntrustedSelfSigned() async throws {
        let certificate = try TestCertificate()
        let server = TLSServerConfiguration(identity: certificate.identity())
        try await check(server, tls: TestAuthority().client, refusal: "signed itself")
        let trusting = TLSConfiguration(usesSystemTrust: false, trustedCertificates: [.bytes(certificate.pem)])
        try await check(server, tls: trusting, refusal: nil)
    }

    @Test func verifiesIntermediates() async throws {
        let authority = try TestAuthority()
        let intermediate = try TestCertificate(
            .init(commonName: "intermediate", alternativeNames: nil, isAuthority: true), issuer: authority.certificate)
        let leaf = try TestCertificate(issuer: intermediate)
        let complete = TLSServerConfiguration(identity: leaf.identity(intermediates: [intermediate]))
        try await check(complete, tls: authority.client, refusal: nil)
        let incomplete = TLSServerConfiguration(identity: leaf.identity())
        try await check(incomplete, tls: authority.client, refusal: "leaves out an intermediate")
    }

    @Test func refusesLeafAsIssuer() async throws {
        let authority = try TestAuthority()
        let notAuthority = try TestCertificate(.init(commonName: "leaf"), issuer: authority.certificate)
        let server = TLSServerConfiguration(
            identity: try TestCertificate(issuer: notAuthority).identity(intermediates: [notAuthority]))
        try await check(server, tls: authority.client, refusal: "invalid CA certificate")
    }

    @Test func verifiesPins() async throws {
        let authority = try TestAuthority()
        let server = try authority.server()
        var tls = authority.client
        let pin = try #require(PublicKeyPin(base64: "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="))
        tls.pins = [pin]
        let error = try await check(server, tls: tls, refusal: "none of its keys is pinned")
        // The message names the pins that would do: use the authority's, the last one.
        let message = try #require(error?.message)
        let found = message.split(whereSeparator: { " ,.".contains($0) }).filter { $0.hasPrefix("sha256/") }
        #expect(found.count == 2)
        tls.pins = [pin, try #require(found.last.flatMap { PublicKeyPin(base64: String($0)) })]
        try await check(server, tls: tls, refusal: nil)
    }

    @Test func leavesVerificationOutOnLoopbackOnly() async throws {
        let server = TLSServerConfiguration(identity: try TestCertificate(.init(alternativeNames: nil)).identity())
        let tls = TLSConfiguration(usesSystemTrust: false, verification: .noneOnLoopback)
        try await check(server, tls: tls, refusal: nil)
    }

    @Test func trustsSystemOnlyWhenAsked() async throws {
        // The test's authority is certainly not among the system's.
        let authority = try TestAuthority()
        try await check(authority.server(), tls: TLSConfiguration(), refusal: "not trusted here")
        var both = authority.client
        both.usesSystemTrust = true
        try await check(authority.server(), tls: both, refusal: nil)
    }

    @Test func refusesUnusableSettings() async throws {
        let garbage = TLSConfiguration(usesSystemTrust: false, trustedCertificates: [.bytes(Array("garbage".utf8))])
        #expect(await failure(of: try .local(port: 1, secure: true), tls: garbage)?.code == .invalidSettings)
        let missing = TLSConfiguration(usesSystemTrust: false, trustedCertificates: [.file(path: "/nonexistent.pem")])
        let error = await failure(of: try .local(port: 1, secure: true), tls: missing)
        #expect(error?.code == .invalidSettings)
        #expect(error?.message.contains("/nonexistent.pem") == true)
        let mixed = TLSIdentity(
            certificateChain: .bytes(try TestCertificate().pem), privateKey: .bytes(try TestCertificate().keyPEM))
        await #expect(throws: ConnectionError.self) {
            _ = try await WebSocketServer.start(
                WebSocketServerConfiguration(tls: TLSServerConfiguration(identity: mixed)), handler: echo)
        }
    }

    private func check(
        _ request: TestCertificate.Request, host: String = "127.0.0.1", refusal: String?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let authority = try TestAuthority()
        try await check(
            authority.server(request), tls: authority.client, host: host, refusal: refusal,
            sourceLocation: sourceLocation)
    }

    /// Connects and compares the verdict: nil for trusted, or a piece of the error's message.
    @discardableResult
    private func check(
        _ configuration: TLSServerConfiguration, tls: TLSConfiguration, host: String = "127.0.0.1", refusal: String?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> ConnectionError? {
        let server = try await WebSocketServer.start(WebSocketServerConfiguration(tls: configuration), handler: echo)
        defer { Task { await server.shutdown() } }
        let request = try ConnectionRequest.local(server, secure: true, host: host)
        guard let refusal else {
            let connector = WebSocketConnector(.patient(tls: tls))
            let channel = try await connector.connectWebSocket(request)
            try await channel.send(text: "hello")
            var messages = channel.messages.makeAsyncIterator()
            #expect(await messages.next() == .text("hello"), sourceLocation: sourceLocation)
            await channel.close()
            return nil
        }
        let error = await failure(of: request, tls: tls, sourceLocation: sourceLocation)
        #expect(error?.code == .certificateRejected, sourceLocation: sourceLocation)
        #expect(error?.message.contains(refusal) == true, "\(error?.description ?? "")", sourceLocation: sourceLocation)
        #expect(error?.underlying?.contains("certificate verify failed") == true, sourceLocation: sourceLocation)
        return error
    }
}
