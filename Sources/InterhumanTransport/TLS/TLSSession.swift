import CInterhumanOpenSSL
import InterhumanCore
import NIOCore

/// Owns an `SSL`: one TLS connection as a pure transformer between ciphertext and plaintext. Bound to one event loop.
final class TLSSession {
    /// What one step came to.
    enum Progress {
        /// It is complete, or everything there was is read.
        case done
        /// More bytes of the peer are needed.
        case waiting
        /// The peer said that it sends no more (close_notify).
        case closed
        /// TLS failed; `underlying` is OpenSSL's error stack.
        case failed(underlying: String)
    }

    let context: TLSContext
    /// What is wrong with the peer's certificate.
    var verification: TLSVerification?
    let transport: TLSTransport
    /// The name under which a client keeps resumable sessions; also what errors call the peer.
    let peer: String
    private let ssl: OpaquePointer
    private var isBroken = false
    private var didShutDown = false

    /// Begins a client's connection.
    ///
    /// - Parameters:
    ///   - host: The name or address to ask for and to verify.
    ///   - peer: Host and port, the key of the session cache.
    static func client(
        _ context: TLSContext, host: String, peer: String
    ) throws(ConnectionError) -> TLSSession {
        let session = try TLSSession(context, peer: peer)
        try session.name(host)
        SSL_set_alpn_protos(session.ssl, ApplicationProtocol.offer, UInt32(ApplicationProtocol.offer.count))
        context.sessions.resume(session.ssl, with: peer)
        SSL_set_connect_state(session.ssl)
        return session
    }

    /// Begins a server's connection.
    static func server(_ context: TLSContext) throws(ConnectionError) -> TLSSession {
        let session = try TLSSession(context, peer: "the client")
        SSL_set_accept_state(session.ssl)
        return session
    }

    private init(_ context: TLSContext, peer: String) throws(ConnectionError) {
        ERR_clear_error()
        let transport = TLSTransport()
        guard let ssl = SSL_new(context.pointer) else {
            throw TLSContext.failure("set up TLS", "OpenSSL can't make a connection; the machine may lack memory.")
        }
        guard let bio = transport.makeBIO() else {
            SSL_free(ssl)
            throw TLSContext.failure("set up TLS", "OpenSSL can't make a connection; the machine may lack memory.")
        }
        SSL_set_bio(ssl, bio, bio)
        self.context = context
        self.transport = transport
        self.peer = peer
        self.ssl = ssl
        ihSSLSetOwner(ssl, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        SSL_free(ssl)
    }

    /// The session that owns an `SSL`, for OpenSSL's callbacks, which run inside one of its calls.
    static func owner(of ssl: OpaquePointer?) -> TLSSession? {
        guard let ssl, let owner = ihSSLOwner(ssl) else { return nil }
        return Unmanaged<TLSSession>.fromOpaque(owner).takeUnretainedValue()
    }

    /// OpenSSL's new-session callback (SSL_CTX_sess_set_new_cb(3)): 1 means that the reference was taken over.
    static func keep(session: OpaquePointer?, of ssl: OpaquePointer?) -> Int32 {
        guard let session, let owner = owner(of: ssl) else { return 0 }
        owner.context.sessions.insert(takingOwnership: session, for: owner.peer)
        return 1
    }

    /// Whether the handshake took up an earlier session.
    var isResumed: Bool { SSL_session_reused(ssl) == 1 }

    /// The application protocol that the peer chose although it was not offered.
    var unexpectedProtocol: String? {
        ApplicationProtocol.selected(ssl).flatMap { $0 == "http/1.1" ? nil : $0 }
    }

    /// Protocol version and cipher, for logs.
    var description: String {
        let cipher = SSL_get_current_cipher(ssl).flatMap { SSL_CIPHER_get_name($0) }.map { String(cString: $0) }
        return "\(String(cString: SSL_get_version(ssl))) \(cipher ?? "without cipher")"
    }

    /// Goes on with the handshake.
    func handshake() -> Progress {
        ERR_clear_error()
        return progress(SSL_do_handshake(ssl))
    }

    /// Decrypts everything there is.
    func read(into plaintext: inout ByteBuffer) -> Progress {
        while true {
            ERR_clear_error()
            var count = 0
            var result: Int32 = 0
            plaintext.writeWithUnsafeMutableBytes(minimumWritableBytes: 4096) { free in
                result = SSL_read_ex(ssl, free.baseAddress, free.count, &count)
                return count
            }
            guard result == 1 else { return progress(result) }
        }
    }

    /// Encrypts everything given; nil with `.done` only when there was nothing.
    func write(_ plaintext: ByteBuffer) -> (ciphertext: ByteBuffer?, Progress) {
        var progress = Progress.done
        // A record holds at most 16 KiB and adds less than 64 bytes.
        let room = plaintext.readableBytes + (plaintext.readableBytes / 16_384 + 1) * 64
        let ciphertext = transport.collect(room) {
            plaintext.withUnsafeReadableBytes { progress = write($0) }
        }
        return (ciphertext, progress)
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Progress {
        var position = 0
        while position < bytes.count {
            ERR_clear_error()
            var written = 0
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            let result = SSL_write_ex(ssl, rest.baseAddress, rest.count, &written)
            guard result == 1 else { return progress(result) }
            position += written
        }
        return .done
    }

    /// Says that no more is sent (close_notify). Once; without effect on a broken connection.
    func shutDown() {
        guard !didShutDown, !isBroken, SSL_is_init_finished(ssl) == 1 else { return }
        didShutDown = true
        ERR_clear_error()
        _ = SSL_shutdown(ssl)
        ERR_clear_error()
    }

    private func progress(_ result: Int32) -> Progress {
        if result == 1 { return .done }
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE:
            return .waiting
        case SSL_ERROR_ZERO_RETURN:
            return .closed
        default:
            // SSL_get_error(3): after SSL_ERROR_SSL and SSL_ERROR_SYSCALL nothing more may be called.
            isBroken = true
            return .failed(underlying: OpenSSLErrors.drain())
        }
    }

    /// Sets what the peer is asked to be and is verified against (RFC 6066 section 3, RFC 9525).
    private func name(_ host: String) throws(ConnectionError) {
        ERR_clear_error()
        let parameters = SSL_get0_param(ssl)
        if (try? SocketAddress(ipAddress: host, port: 0)) != nil {
            guard X509_VERIFY_PARAM_set1_ip_asc(parameters, host) == 1 else {
                throw TLSContext.failure("verify \(host)", "The address can't be verified in a certificate.")
            }
            return
        }
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        X509_VERIFY_PARAM_set_hostflags(
            parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
        guard X509_VERIFY_PARAM_set1_host(parameters, name, 0) == 1, ihSSLSetServerName(ssl, name) == 1 else {
            throw TLSContext.failure("ask for \(host)", "The name can't be used in TLS. Check the URL.")
        }
    }
}
