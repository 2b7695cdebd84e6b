import InterhumanCore

/// Decides when to step down and up. Pure: queue, rate and time come in, a level goes out.
struct AdaptationController: Sendable {
    /// What is seen after each segment.
    struct Reading: Sendable {
        /// How long the oldest segment has waited.
        var queueAge: Duration
        /// Bytes a second that the network took lately; nil while none is being sent.
        var sendRate: Double?
        /// Bytes a second that the encoder makes at the level in force.
        var mediaRate: Double?
        /// Whether a connection takes media: an outage says nothing of the uplink's speed.
        var isConnected: Bool
    }

    private let policy: AdaptationPolicy
    /// Index of the level in force.
    private(set) var level = 0
    private var changedAt: MediaTime?
    private var shortSince: MediaTime?
    private var ageAtChange: Duration?
    /// How long the queue must have been short before each level is tried.
    private var waits: [Duration]

    init(policy: AdaptationPolicy) {
        self.policy = policy
        waits = policy.levels.map { _ in policy.shortestClimbingTime }
    }

    /// Takes a reading; gives the level to change to, or nil to stay.
    mutating func take(_ reading: Reading, at now: MediaTime) -> Int? {
        guard policy.isEnabled, reading.isConnected else {
            shortSince = nil
            return nil
        }
        if reading.queueAge > policy.climbingAge { shortSince = nil } else { shortSince = shortSince ?? now }
        if reading.queueAge > policy.steppingDownAge { return stepDown(reading, now) }
        return climb(now)
    }

    private mutating func stepDown(_ reading: Reading, _ now: MediaTime) -> Int? {
        guard level + 1 < policy.levels.count else { return nil }
        if let changedAt, now - changedAt < policy.settlingTime { return nil }
        let sustainable = sustainableLevel(reading)
        if sustainable <= level, let changedAt, let ageAtChange,
            now - changedAt < policy.settlingTime * 5 || reading.queueAge < ageAtChange + .seconds(1)
        {
            // It fits by the figures: what waits from before needs time to go.
            return nil
        }
        waits[level] = min(policy.longestClimbingTime, waits[level] * 2)
        ageAtChange = reading.queueAge
        return change(to: max(level + 1, sustainable), now)
    }

    /// The first level that the network keeps up with, with a tenth to spare for what waits.
    private func sustainableLevel(_ reading: Reading) -> Int {
        guard let sendRate = reading.sendRate, let mediaRate = reading.mediaRate, mediaRate > 0 else { return 0 }
        let full = mediaRate / policy.levels[level].bitRate
        return policy.levels.firstIndex { full * $0.bitRate <= sendRate * 0.9 } ?? policy.levels.count - 1
    }

    /// Levels that failed are tried ever more rarely; one that lasts is trusted again.
    private mutating func climb(_ now: MediaTime) -> Int? {
        guard level > 0, let shortSince else { return nil }
        let target = level - 1
        guard now - shortSince >= waits[target], changedAt.map({ now - $0 >= waits[target] }) ?? true else {
            return nil
        }
        waits[level] = max(policy.shortestClimbingTime, waits[level] / 2)
        self.shortSince = now
        ageAtChange = nil
        return change(to: target, now)
    }

    private mutating func change(to level: Int, _ now: MediaTime) -> Int? {
        guard level != self.level else { return nil }
        self.level = level
        changedAt = now
        return level
    }
}
