import CInterhumanOpenSSL
import InterhumanCore

/// Owns one reference to an OpenSSL certificate.
final class Certificate {
    let pointer: OpaquePointer

    init(takingOwnership pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        X509_free(pointer)
    }

    /// The same certificate with one more reference, for a caller that takes it over.
    func retained() -> OpaquePointer {
        X509_up_ref(pointer)
        return pointer
    }

    /// Reads every certificate of a PEM text.
    ///
    /// - Throws: `invalidSettings` when there is none, or one is malformed.
    static func all(in source: PEMSource) throws(ConnectionError) -> [Certificate] {
        try source.withBIO { (stream) throws(ConnectionError) -> [Certificate] in
            var certificates: [Certificate] = []
            while let pointer = PEM_read_bio_X509_AUX(stream, nil, { _, _, _, _ in 0 }, nil) {
                certificates.append(Certificate(takingOwnership: pointer))
            }
            // After the last one the reader always reports a missing start line; anything else is damage.
            let end = ERR_peek_last_error()
            let isAtEnd = ERR_GET_LIB(end) == ERR_LIB_PEM && ERR_GET_REASON(end) == PEM_R_NO_START_LINE
            guard isAtEnd, !certificates.isEmpty else {
                throw TLSContext.failure(
                    "read the certificates of \(source.name)",
                    "It must hold one or more certificates in PEM (-----BEGIN CERTIFICATE-----).")
            }
            ERR_clear_error()
            return certificates
        }
    }
}
