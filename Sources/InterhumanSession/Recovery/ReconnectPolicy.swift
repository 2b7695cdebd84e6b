public import InterhumanCore

/// How a session goes on when its connection is lost or can't be made.
///
/// The n-th pause in a row is a random time below `min(longestDelay, shortestDelay · 2ⁿ)` ("full jitter": clients that
/// lost the same server don't come back together), and never shorter than the service asks for (`Retry-After`).
public struct ReconnectPolicy: Sendable {
    /// Ceiling of the first pause. Default 1 s.
    public var shortestDelay: Duration = .seconds(1)
    /// Ceiling of every pause. Default 30 s.
    public var longestDelay: Duration = .seconds(30)
    /// Most of what `Retry-After` is honoured. Default 10 min.
    public var longestRetryAfter: Duration = .seconds(600)
    /// How long a session may be without a connection before it gives up, the outages since the last healthy period
    /// added up; nil never gives up. Default 10 min.
    public var outageBudget: Duration? = .seconds(600)
    /// How long a connection must last to count as healthy: pauses then begin short again, and the budget is whole
    /// again. Default 1 min.
    public var healthyAfter: Duration = .seconds(60)
    /// Whether `start()` tries again as well. By default it throws the first failure, but for a refused credential,
    /// which is refreshed once. Where true, cancel the task that starts to give up.
    public var appliesToStart = false
    /// What to do about error codes of the service, where it should differ from the SDK's own table.
    public var recoveries: [ServiceErrorCode: Recovery] = [:]
    /// How often a segment may be in flight when the connection ends before it is dropped, so that a message that the
    /// service can't stomach does not end connection after connection. Default 5.
    public var maximumSendAttempts = 5
    /// Makes the pauses repeatable, for tests; nil takes the system's randomness.
    public var jitterSeed: UInt64?

    /// Creates the default policy.
    public init() {}

    /// Fails with the first loss. A refused credential is replaced once all the same.
    public static let never: ReconnectPolicy = {
        var policy = ReconnectPolicy()
        policy.outageBudget = .zero
        return policy
    }()
}

extension ReconnectPolicy {
    /// How long to wait before the next attempt.
    ///
    /// - Parameters:
    ///   - failures: How many came before this one, since the last good connection.
    ///   - carriedMedia: Whether the connection that ended had carried media.
    func delay(
        pace: RetryPace, failures: Int, carriedMedia: Bool, retryAfter: Duration?,
        using random: inout some RandomNumberGenerator
    ) -> Duration {
        let longest = max(.zero, longestDelay)
        let ceiling = min(longest, max(.zero, shortestDelay) * (1 << min(max(0, failures), 20)))
        let jittered: Duration =
            switch pace {
            case .immediate where carriedMedia: .zero
            case .immediate, .normal: Self.random(below: ceiling, using: &random)
            case .slow: longest / 2 + Self.random(below: longest / 2, using: &random)
            }
        return max(jittered, min(max(.zero, retryAfter ?? .zero), longestRetryAfter))
    }

    private static func random(
        below ceiling: Duration, using random: inout some RandomNumberGenerator
    ) -> Duration {
        .nanoseconds(Int64.random(in: 0...max(0, ceiling.nanoseconds), using: &random))
    }
}
