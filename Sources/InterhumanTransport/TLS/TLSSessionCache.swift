import CInterhumanOpenSSL
import Synchronization

/// The newest resumable session of each peer, so that a reconnect needs no certificates and fewer round trips.
final class TLSSessionCache: Sendable {
    private let sessions = Mutex<[String: Entry]>([:])

    /// Owns one reference to an `SSL_SESSION`.
    ///
    /// `@unchecked Sendable`: OpenSSL's session objects are immutable once established and reference-counted
    /// atomically; this one is only ever handed to `SSL_set_session` and freed.
    private final class Entry: @unchecked Sendable {
        let pointer: OpaquePointer

        init(takingOwnership pointer: OpaquePointer) {
            self.pointer = pointer
        }

        deinit {
            SSL_SESSION_free(pointer)
        }
    }

    /// Keeps a session, taking it over.
    func insert(takingOwnership pointer: OpaquePointer, for peer: String) {
        let entry = Entry(takingOwnership: pointer)
        sessions.withLock { sessions in
            // A connector has few peers; this bounds one that is given many.
            if sessions.count >= 64, sessions[peer] == nil { sessions.removeAll() }
            sessions[peer] = entry
        }
    }

    /// Offers the peer's session for resumption and forgets it: TLS 1.3 tickets are for one use (RFC 8446 C.4).
    func resume(_ ssl: OpaquePointer, with peer: String) {
        guard let entry = sessions.withLock({ $0.removeValue(forKey: peer) }) else { return }
        _ = SSL_set_session(ssl, entry.pointer)
    }
}
