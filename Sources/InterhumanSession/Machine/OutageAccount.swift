import InterhumanCore

/// What was lost since the last healthy connection.
struct OutageAccount: Sendable {
    /// Since when no connection takes media; nil while one does.
    private(set) var began: MediaTime?
    /// Earlier outages since the last healthy connection, added up.
    private(set) var spent = Duration.zero
    /// Whether the connection that took media last was given any.
    private(set) var carriedMedia = false
    private var attempts = 0
    private var failures = 0
    private var lastCause: SessionError?
    /// What the last fresh credential was asked for; nil once it met another fate than to be refused, too.
    private var refusal: SessionError?

    /// No connection takes media any more.
    mutating func begin(_ now: MediaTime) {
        guard began == nil else { return }
        began = now
        attempts = 0
        // A connection that worked is worth a quick return, though not a wild one.
        if carriedMedia { failures = min(failures, 1) }
    }

    /// A connection takes media; what there is to tell of the outage, if there was one.
    mutating func end(_ now: MediaTime) -> Reconnected? {
        carriedMedia = false
        guard let began else { return nil }
        self.began = nil
        let outage = now - began
        spent += outage
        return Reconnected(attempts: attempts, outage: outage)
    }

    /// Counts a failure; gives how many came before, and whether the connection had carried media until now.
    mutating func countFailure() -> (before: Int, carriedMedia: Bool) {
        defer {
            failures += 1
            carriedMedia = false
        }
        return (failures, carriedMedia)
    }

    /// What to tell of the next attempt.
    mutating func nextAttempt(after delay: Duration, because cause: SessionError) -> Reconnecting {
        attempts += 1
        lastCause = cause
        return Reconnecting(attempt: attempts, delay: delay, cause: cause)
    }

    /// Whether a fresh credential may be asked for: once for each refusal.
    mutating func refresh(because error: SessionError) -> Bool {
        guard refusal == nil else { return false }
        refusal = error
        return true
    }

    /// A connection failed for another reason than its credential. What the provider gives next may be an older one.
    mutating func forgetRefusal() {
        refusal = nil
    }

    /// Media went out.
    mutating func noteProgress() {
        carriedMedia = true
        refusal = nil
    }

    /// The connection has proved itself.
    mutating func forgive() {
        failures = 0
        spent = .zero
        refusal = nil
    }

    /// A provider that has nothing fresh explains the refusal; the refusal's details go along.
    func explained(_ error: SessionError) -> SessionError {
        guard case .credential = error.cause, let refusal, case .connection(let refused) = refusal.cause else {
            return error
        }
        var explained = error
        explained.underlying = [error.underlying, refused.description].compactMap { $0 }.joined(separator: "; ")
        explained.correlationID = refused.correlationID
        return explained
    }

    /// The last cause, with the word that the session has stopped trying.
    var givenUp: SessionError {
        var error = lastCause ?? SessionError(.connection, operation: "reconnect", message: "The connection was lost.")
        error.message += " The session gave up after \(attempts) attempts: the outage lasted longer than its budget."
        return error
    }
}
