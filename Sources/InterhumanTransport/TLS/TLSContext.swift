import CInterhumanOpenSSL
import InterhumanCore

/// Owns an `SSL_CTX`: settings, trust and identity, shared by many connections.
///
/// `@unchecked Sendable`: the context is changed only while `init` runs, before anybody else can see it. Afterwards
/// it is only read, by `SSL_new` and handshakes, which OpenSSL synchronises itself (openssl-threads(7):
/// `SSL_CTX` may be shared once configured; its reference count and session cache have their own locks).
final class TLSContext: @unchecked Sendable {
    let pointer: OpaquePointer
    let pins: Set<PublicKeyPin>
    /// Nil for servers.
    let client: TLSConfiguration?
    let sessions = TLSSessionCache()

    private init(pointer: OpaquePointer, client: TLSConfiguration?) {
        self.pointer = pointer
        self.client = client
        self.pins = client?.pins ?? []
    }

    deinit {
        SSL_CTX_free(pointer)
    }

    /// Makes a client's context. Reads files: not for the cooperative pool.
    static func client(_ configuration: TLSConfiguration) throws(ConnectionError) -> TLSContext {
        guard configuration.verification == .full || configuration.pins.isEmpty else {
            throw ConnectionError(
                .invalidSettings, operation: "set up TLS",
                message: "Pins are compared with verified chains only. Verify certificates, or leave the pins out.")
        }
        let context = TLSContext(pointer: try makePointer(TLS_client_method()), client: configuration)
        try context.loadTrust(configuration)
        if let identity = configuration.identity { try context.load(identity) }
        let verifies = configuration.verification == .full
        SSL_CTX_set_verify(
            context.pointer, verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
            verifies ? { TLSVerification.callback(isTrusted: $0, chain: $1) } : nil)
        ihSSLContextSetSessionCacheMode(
            context.pointer, Int(SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL))
        SSL_CTX_sess_set_new_cb(context.pointer) { TLSSession.keep(session: $1, of: $0) }
        return context
    }

    /// Makes a server's context. Reads files: not for the cooperative pool.
    static func server(_ configuration: TLSServerConfiguration) throws(ConnectionError) -> TLSContext {
        let context = TLSContext(pointer: try makePointer(TLS_server_method()), client: nil)
        try context.load(configuration.identity)
        SSL_CTX_set_alpn_select_cb(
            context.pointer,
            { _, selected, selectedLength, offered, offeredLength, _ in
                // The answer points into the client's list, which outlives this call.
                ApplicationProtocol.select(selected, selectedLength, from: offered, offeredLength)
            }, nil)
        if !configuration.clientAuthorities.isEmpty {
            try context.trust(configuration.clientAuthorities)
            SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT) {
                TLSVerification.callback(isTrusted: $0, chain: $1)
            }
        }
        let sessionContext = Array("interhuman".utf8)
        SSL_CTX_set_session_id_context(context.pointer, sessionContext, UInt32(sessionContext.count))
        return context
    }

    private static func makePointer(_ method: OpaquePointer?) throws(ConnectionError) -> OpaquePointer {
        ERR_clear_error()
        guard let pointer = SSL_CTX_new(method) else {
            throw failure("set up TLS", "OpenSSL can't be set up. Check its installation and openssl.cnf.")
        }
        guard ihSSLContextSetMinimumVersion(pointer, TLS1_2_VERSION) == 1 else {
            SSL_CTX_free(pointer)
            throw failure("set up TLS", "This machine's OpenSSL does not allow TLS 1.2 or later. Check openssl.cnf.")
        }
        // Renegotiation is an attack surface that nobody needs.
        _ = SSL_CTX_set_options(pointer, ihNoRenegotiation())
        ihSSLContextSetMode(pointer, Int(SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER))
        ihSSLContextSetReadAhead(pointer, 1)
        return pointer
    }

    private func loadTrust(_ configuration: TLSConfiguration) throws(ConnectionError) {
        ERR_clear_error()
        if configuration.usesSystemTrust, SSL_CTX_set_default_verify_paths(pointer) != 1 {
            throw Self.failure("load the system's certificate authorities", "Install the package ca-certificates.")
        }
        try trust(configuration.trustedCertificates)
    }

    private func trust(_ sources: [PEMSource]) throws(ConnectionError) {
        ERR_clear_error()
        let store = SSL_CTX_get_cert_store(pointer)
        // A certificate that the user trusts by name is trusted even when it is not an authority's root.
        X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        for source in sources {
            for certificate in try Certificate.all(in: source)
            where X509_STORE_add_cert(store, certificate.pointer) != 1 {
                throw Self.failure("trust \(source.name)", "A certificate in it can't be used.")
            }
        }
    }

    private func load(_ identity: TLSIdentity) throws(ConnectionError) {
        let certificates = try Certificate.all(in: identity.certificateChain)
        let name = identity.certificateChain.name
        ERR_clear_error()
        guard let leaf = certificates.first, SSL_CTX_use_certificate(pointer, leaf.pointer) == 1 else {
            throw Self.failure("use the certificate of \(name)", "OpenSSL refuses it: see below for why.")
        }
        for certificate in certificates.dropFirst() {
            guard ihSSLContextAddChainCertificate(pointer, certificate.retained()) == 1 else {
                throw Self.failure("use the certificates of \(name)", "An intermediate certificate can't be used.")
            }
        }
        let source = identity.privateKey
        let key = try source.withBIO { (stream) throws(ConnectionError) -> OpaquePointer in
            // An empty passphrase keeps OpenSSL from asking at the terminal.
            guard let key = PEM_read_bio_PrivateKey(stream, nil, { _, _, _, _ in 0 }, nil) else {
                throw Self.failure("read the key of \(source.name)", "It must hold an unencrypted PEM private key.")
            }
            return key
        }
        defer { EVP_PKEY_free(key) }
        ERR_clear_error()
        guard SSL_CTX_use_PrivateKey(pointer, key) == 1, SSL_CTX_check_private_key(pointer) == 1 else {
            throw Self.failure("use the key of \(source.name)", "It does not belong to the certificate of \(name).")
        }
    }

    static func failure(_ operation: String, _ message: String) -> ConnectionError {
        ConnectionError(.invalidSettings, operation: operation, message: message, underlying: OpenSSLErrors.drain())
    }
}
