import InterhumanCore
import Synchronization

/// What one credential allows, and what its sessions have used of it so far.
final class CredentialAccount: Sendable {
    /// What may be used; nil for as much as anybody likes.
    struct Caps: Sendable, Hashable {
        /// Sessions at a time.
        var sessionCount: Int?
        /// Longest session, in seconds.
        var sessionSeconds: Int?
        /// Bytes of media over all sessions.
        var byteCount: Int?
        /// Seconds of media over all sessions.
        var videoSeconds: Int?
        /// Origins of the web pages that may use it, compared without regard to case.
        var origins: [String]?
    }

    private struct Use {
        var sessionCount = 0
        var byteCount = 0
        var videoSeconds = 0.0
        var isRevoked = false
    }

    let scopes: [AccessScope]
    let caps: Caps
    /// From then on it opens no session.
    let expiry: MediaTime?
    /// The key behind a token: what its tokens open counts as its own.
    private let owner: CredentialAccount?
    private let use = Mutex(Use())

    init(scopes: [AccessScope], caps: Caps = Caps(), expiry: MediaTime? = nil, owner: CredentialAccount? = nil) {
        self.scopes = scopes
        self.caps = caps
        self.expiry = expiry
        self.owner = owner
    }

    /// Takes a place for a session; false when all are taken. A place that was taken goes back by ``closeSession()``.
    func openSession() -> Bool {
        let isOpen = use.withLock { use in
            if let limit = caps.sessionCount, use.sessionCount >= limit { return false }
            use.sessionCount += 1
            return true
        }
        guard isOpen, let owner, !owner.openSession() else { return isOpen }
        use.withLock { $0.sessionCount -= 1 }
        return false
    }

    /// Gives a place back.
    func closeSession() {
        use.withLock { $0.sessionCount -= 1 }
        owner?.closeSession()
    }

    /// Opens no session any more. Sessions that are open go on.
    func revoke() {
        use.withLock { $0.isRevoked = true }
    }

    var isRevoked: Bool { use.withLock { $0.isRevoked } }

    /// Whether an origin may use the credential: any may, unless some are named; then a request without one may not.
    func allows(origin: String?) -> Bool {
        guard let origins = caps.origins else { return true }
        guard let origin = origin?.lowercased() else { return false }
        return origins.contains { $0.lowercased() == origin }
    }

    /// Counts media; what is wrong when there was not enough left, which ends the session.
    func spend(byteCount: Int = 0, videoSeconds: Double = 0) -> ServiceError? {
        use.withLock { use in
            use.byteCount += byteCount
            use.videoSeconds += videoSeconds
            if let limit = caps.byteCount, use.byteCount > limit {
                return Self.error(.quotaExhausted, "The client token's \(limit) bytes are used up. Mint another.")
            }
            if let limit = caps.videoSeconds, use.videoSeconds > Double(limit) {
                return Self.error(
                    .videoBudgetExhausted, "The client token's \(limit) s of video are used up. Mint another.")
            }
            return nil
        }
    }

    private static func error(_ code: ServiceErrorCode, _ message: String) -> ServiceError {
        ServiceError(code: code, message: message, link: ServiceLinks.documentation)
    }
}
