import CInterhumanOpenSSL
import InterhumanCore
import NIOCore
import Testing

@testable import InterhumanTransport

/// What is negotiated, and what is refused.
struct TLSPolicyTests {
    private let authority: TestAuthority

    init() throws {
        authority = try TestAuthority()
    }

    @Test func negotiatesTheNewestVersion() throws {
        let pair = try TLSPair(
            client: TLSContext.client(authority.client), server: TLSContext.server(authority.server()))
        try pair.exchange()
        #expect(pair.clientRecorder.handshake?.description.hasPrefix("TLSv1.3 TLS_") == true)
    }

    @Test(arguments: [(TLS1_2_VERSION, true), (TLS1_1_VERSION, false), (TLS1_VERSION, false)])
    func wantsTLS12(version: Int32, isAccepted: Bool) throws {
        let server = try TLSContext.server(authority.server())
        SSL_CTX_set_security_level(server.pointer, 0)
        // SSL_CTX_set_min_proto_version and SSL_CTX_set_max_proto_version are macros over these.
        SSL_CTX_ctrl(server.pointer, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(version), nil)
        SSL_CTX_ctrl(server.pointer, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil)
        let pair = try TLSPair(client: TLSContext.client(authority.client), server: server)
        try pair.exchange()
        #expect(pair.clientRecorder.wasActive == isAccepted)
        guard !isAccepted else { return }
        #expect(pair.clientRecorder.errors.first?.code == .tls)
        #expect(pair.clientRecorder.errors.first?.message.contains("no TLS version that is accepted") == true)
    }

    @Test func refusesProtocolsThatItDidNotOffer() throws {
        let server = try TLSContext.server(authority.server())
        SSL_CTX_set_alpn_select_cb(
            server.pointer,
            { _, selected, selectedLength, _, _, _ in
                let name: StaticString = "h2"
                selected?.pointee = name.utf8Start
                selectedLength?.pointee = 2
                return SSL_TLSEXT_ERR_OK
            }, nil)
        let pair = try TLSPair(client: TLSContext.client(authority.client), server: server)
        try pair.exchange()
        #expect(!pair.clientRecorder.wasActive)
        #expect(pair.clientRecorder.errors.first?.code == .tls)
    }

    /// Unverified certificates have no chain to compare pins with: they would be of no effect, silently.
    @Test func wantsVerificationForPins() throws {
        let pin = try #require(PublicKeyPin(sha256: [UInt8](repeating: 0, count: 32)))
        let configuration = TLSConfiguration(
            usesSystemTrust: false, verification: .noneOnLoopback, pins: [pin])
        #expect {
            _ = try TLSContext.client(configuration)
        } throws: { ($0 as? ConnectionError)?.code == .invalidSettings }
    }

    @Test func refusesWeakKeysAndHashes() throws {
        // OpenSSL keeps one certificate for each kind of key: the weak one has to take the good one's place.
        for (good, request) in [
            (TestCertificate.Key.rsa2048, TestCertificate.Request(key: .rsa1024)),
            (.ecdsa, TestCertificate.Request(usesSHA1: true)),
        ] {
            let weak = try TestCertificate(request, issuer: authority.certificate)
            let server = try TLSContext.server(authority.server(.init(key: good)))
            SSL_CTX_set_security_level(server.pointer, 0)
            try #require(SSL_CTX_use_certificate(server.pointer, weak.certificate) == 1)
            try #require(SSL_CTX_use_PrivateKey(server.pointer, weak.key) == 1)
            let client = try TLSContext.client(authority.client)
            // What Debian and others configure; the level of OpenSSL itself is 1.
            SSL_CTX_set_security_level(client.pointer, 2)
            let pair = try TLSPair(client: client, server: server)
            try pair.exchange()
            let error = pair.clientRecorder.errors.first
            #expect(error?.code == .certificateRejected)
            #expect(error?.message.contains("too weak") == true)
            #expect(!pair.clientRecorder.wasActive)
        }
    }

    @Test func resumesSessions() throws {
        let client = try TLSContext.client(authority.client)
        let server = try TLSContext.server(authority.server())
        for expected in [false, true, true] {
            let pair = try TLSPair(client: client, server: server)
            try pair.exchange()
            // TLS 1.3 tickets come after the handshake.
            pair.client.close(promise: nil)
            try pair.exchange()
            #expect(pair.clientRecorder.handshake?.isResumed == expected)
            #expect(pair.serverRecorder.handshake?.isResumed == expected)
            #expect(pair.clientRecorder.errors.isEmpty)
        }
    }

    @Test func showsClientCertificates() throws {
        var configuration = try authority.server()
        configuration.clientAuthorities = [.bytes(authority.certificate.pem)]
        let server = try TLSContext.server(configuration)
        var client = authority.client
        try check(client, server, refusal: "client certificate")
        client.identity = try TestCertificate(issuer: authority.certificate).identity()
        try check(client, server, refusal: nil)
        client.identity = try TestCertificate(issuer: TestAuthority(name: "other").certificate).identity()
        try check(client, server, refusal: "does not accept the certificate")
    }

    private func check(_ client: TLSConfiguration, _ server: TLSContext, refusal: String?) throws {
        let pair = try TLSPair(client: TLSContext.client(client), server: server)
        try pair.exchange()
        #expect(pair.serverRecorder.wasActive == (refusal == nil))
        guard let refusal else {
            #expect(pair.clientRecorder.errors.isEmpty)
            return
        }
        let error = pair.clientRecorder.errors.first
        #expect(error?.code == .tls)
        #expect(error?.message.contains(refusal) == true, "\(error?.description ?? "none")")
    }
}
