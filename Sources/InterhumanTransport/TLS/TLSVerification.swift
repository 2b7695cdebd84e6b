import CInterhumanOpenSSL

/// The first thing found wrong with a peer's certificate.
struct TLSVerification {
    /// `X509_V_ERR_…`.
    let code: Int32
    /// Where in the chain: 0 is the peer's own certificate.
    let depth: Int32
    /// The certificate concerned.
    let certificate: CertificateDescription?
    /// The pins that the chain would have met, when pins were the problem.
    var foundPins: [PublicKeyPin] = []

    /// OpenSSL's words for the code.
    var words: String { String(cString: X509_verify_cert_error_string(Int(code))) }

    /// OpenSSL's verify callback (SSL_CTX_set_verify(3)): notes the first failure for the error message and checks
    /// pins. It never makes anything trusted that OpenSSL does not trust.
    static func callback(isTrusted: Int32, chain: OpaquePointer?) -> Int32 {
        guard
            let chain,
            let ssl = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()),
            let session = TLSSession.owner(of: OpaquePointer(ssl))
        else { return 0 }
        let depth = X509_STORE_CTX_get_error_depth(chain)
        let certificate = X509_STORE_CTX_get_current_cert(chain)
        guard isTrusted == 1 else {
            if session.verification == nil {
                session.verification = TLSVerification(
                    code: X509_STORE_CTX_get_error(chain), depth: depth,
                    certificate: certificate.map(CertificateDescription.init(borrowing:)))
            }
            return 0
        }
        // The peer's own certificate comes last, when the chain is complete.
        guard depth == 0, !session.context.pins.isEmpty else { return 1 }
        let found = pins(of: X509_STORE_CTX_get0_chain(chain))
        guard session.context.pins.isDisjoint(with: found) else { return 1 }
        session.verification = TLSVerification(
            code: X509_V_ERR_APPLICATION_VERIFICATION, depth: depth,
            certificate: certificate.map(CertificateDescription.init(borrowing:)), foundPins: found)
        X509_STORE_CTX_set_error(chain, X509_V_ERR_APPLICATION_VERIFICATION)
        return 0
    }

    private static func pins(of chain: OpaquePointer?) -> [PublicKeyPin] {
        guard let chain else { return [] }
        return (0..<ihCertificateCount(chain)).compactMap { index in
            ihCertificate(chain, index).flatMap(PublicKeyPin.init(certificate:))
        }
    }
}
