import CInterhumanOpenSSL
import InterhumanCore

/// Turns what went wrong in TLS into words that help.
enum TLSFailure {
    /// The error of a handshake or connection that OpenSSL gave up.
    static func error(in session: TLSSession, underlying: String, isHandshake: Bool) -> ConnectionError {
        if let verification = session.verification {
            return rejection(verification, of: session.peer, underlying: underlying)
        }
        let operation = isHandshake ? "negotiate TLS with \(session.peer)" : "use TLS with \(session.peer)"
        return ConnectionError(
            .tls, operation: operation, message: message(in: session, underlying: underlying, isHandshake: isHandshake),
            underlying: underlying)
    }

    /// The error of a connection that ended before the handshake did.
    static func endedEarly(_ peer: String) -> ConnectionError {
        ConnectionError(
            .connectionLost, operation: "negotiate TLS with \(peer)",
            message: "\(peer) closed the connection during the TLS handshake. Check that it offers TLS on this port, "
                + "and that nothing between refuses it.")
    }

    /// The error of a connection that ended without close_notify.
    static func truncated(_ peer: String) -> ConnectionError {
        ConnectionError(
            .connectionLost, operation: "receive from \(peer)",
            message: "The TLS connection was cut off: it ended without close_notify. "
                + "Something between may have dropped it; connect again.")
    }

    /// The error of plaintext that OpenSSL did not take. Without renegotiation it never waits for the peer in a write, and
    /// bytes that it left could not be sent later without a hole.
    static func unwritten(_ session: TLSSession, _ progress: TLSSession.Progress) -> ConnectionError {
        let underlying = if case .failed(let words) = progress { words } else { "SSL_write: \(progress)" }
        return error(in: session, underlying: underlying, isHandshake: false)
    }

    /// The error of a peer that chose a protocol which it was not offered.
    static func otherProtocol(_ name: String, _ peer: String) -> ConnectionError {
        ConnectionError(
            .tls, operation: "negotiate TLS with \(peer)",
            message: "The peer chose the protocol \(name), which it was not offered (ALPN, RFC 7301). "
                + "Check that it speaks HTTP/1.1 on this port.")
    }

    private static func message(in session: TLSSession, underlying: String, isHandshake: Bool) -> String {
        let first = session.transport.firstBytes
        if isHandshake, first.starts(with: Array("HTTP/".utf8)) {
            return "The peer answered in plain HTTP. Use ws:// instead of wss://, or the port where it offers TLS."
        }
        if isHandshake, let type = first.first, !(20...24).contains(type) {
            return "The peer answered with something that is not TLS. Check host and port, or use ws:// without TLS."
        }
        if underlying.contains("unsupported protocol") || underlying.contains("protocol version") {
            return "The peer offers no TLS version that is accepted here (1.2 or later). Bring it up to date."
        }
        if underlying.contains("no application protocol") {
            return "The peers share no application protocol. A WebSocket needs HTTP/1.1 (ALPN http/1.1) at both ends."
        }
        if underlying.contains("certificate required") || underlying.contains("alert handshake failure") {
            return "The peer refused the handshake. It may ask for a client certificate, or share no cipher with us."
        }
        if underlying.contains("alert unknown ca") || underlying.contains("alert bad certificate") {
            return "The peer does not accept the certificate that it was shown. Check the identity it was given."
        }
        return isHandshake
            ? "The TLS handshake failed. See OpenSSL's words for why."
            : "The TLS connection broke. Connect again; OpenSSL's words say why."
    }

    private static func rejection(
        _ verification: TLSVerification, of peer: String, underlying: String
    ) -> ConnectionError {
        ConnectionError(
            .certificateRejected, operation: "verify the certificate of \(peer)",
            message: advice(verification, peer: peer),
            underlying: "\(verification.words) (X509 error \(verification.code), depth \(verification.depth)); "
                + underlying)
    }

    private static func advice(_ verification: TLSVerification, peer: String) -> String {
        let certificate = verification.certificate
        let subject = certificate?.subject ?? "unknown"
        let issuer = certificate?.issuer ?? "unknown"
        switch verification.code {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "The certificate of \(subject) expired on \(certificate?.notAfter ?? "an unknown date"). "
                + "Renew it, or set this machine's clock right."
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "The certificate of \(subject) is not valid before \(certificate?.notBefore ?? "a later date"). "
                + "Set this machine's clock right, or wait."
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            let names = certificate?.names.joined(separator: ", ") ?? ""
            return "The certificate is for another host: it names \(names.isEmpty ? "no host" : names), not \(peer). "
                + "Use a name that it has, or get a certificate for this one."
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return "The certificate of \(subject) was issued by \(issuer), which is not trusted here, or the server "
                + "leaves out an intermediate certificate. Trust the authority, or complete the server's chain."
        case X509_V_ERR_CERT_SIGNATURE_FAILURE:
            return "The certificate of \(subject) is not signed by the trusted \(issuer), but by another of that name. "
                + "Trust the authority that the server has now, if it is the right one."
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            return "The chain ends at \(subject), which signed itself and is not trusted here. "
                + "Add it to the trusted certificates if it is the right one."
        case X509_V_ERR_APPLICATION_VERIFICATION:
            let found = verification.foundPins.map(\.description).joined(separator: ", ")
            return "The chain is trusted, but none of its keys is pinned; it has \(found). "
                + "If the service changed its keys, change the pins; otherwise somebody is in between."
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK:
            return "The certificate of \(subject) uses a key or hash too weak for this machine's OpenSSL. "
                + "Have it issued anew with RSA 2048 or better, or ECDSA, and SHA-256."
        case X509_V_ERR_CERT_REVOKED:
            return "The certificate of \(subject) was revoked. Do not use this server until it has a new one."
        default:
            return "The certificate of \(subject) was refused: \(verification.words)."
        }
    }
}
