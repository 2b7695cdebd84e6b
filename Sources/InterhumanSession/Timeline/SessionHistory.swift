public import InterhumanCore

/// What a session has found so far, by time: the newest intervals, at most ``capacity`` of each kind.
public struct SessionHistory: Sendable {
    /// Most intervals of each kind that are kept.
    public let capacity: Int
    /// The signals that are over, in the order in which they ended.
    public private(set) var signals: [SignalInterval] = []
    /// The signals that last.
    public var activeSignals: [SignalInterval] { tracker.active }
    /// Attention, in the order in which it was told; the last one lasts where it has no end.
    public private(set) var engagement: [Timed<EngagementUpdate>] = []
    /// What will never be analysed, in the order in which it was lost.
    public private(set) var gaps: [MediaGap] = []
    /// How many were dropped for newer ones.
    public private(set) var droppedCount = 0

    private var tracker = SignalTracker()

    /// Creates an empty history of at least one interval of each kind.
    public init(capacity: Int = 1_000) {
        self.capacity = max(1, capacity)
    }

    /// The signals that are over or last, of one type where given, that touch a stretch of the session's seconds.
    public func signals(
        of type: SignalType? = nil, in range: ClosedRange<Double> = -.infinity ... .infinity
    ) -> [SignalInterval] {
        (signals + activeSignals).filter { interval in
            (type == nil || interval.type == type) && interval.start.sessionSeconds <= range.upperBound
                && (interval.end?.sessionSeconds ?? .infinity) >= range.lowerBound
        }
    }

    /// Attention at an instant of the session's seconds; nil where it is not known.
    public func engagement(at second: Double) -> EngagementState? {
        engagement.last { update in
            guard let start = update.start?.sessionSeconds, start <= second else { return false }
            return update.end.map { second < $0.sessionSeconds } ?? true
        }?.value.state
    }

    /// Takes an event; gives the signals that it completes.
    mutating func take(_ kind: SessionEvent.Kind, connection: Int?) -> [SignalInterval] {
        switch kind {
        case .engagement(let update): append(update, to: \.engagement)
        case .gap(let gap): append(gap, to: \.gaps)
        default: break
        }
        return keep(tracker.take(kind, connection: connection ?? 0))
    }

    /// The media of a connection is over.
    mutating func mediaEnded(at end: SessionInstant, connection: Int) -> [SignalInterval] {
        keep(tracker.mediaEnded(at: end, connection: connection))
    }

    private mutating func keep(_ intervals: [SignalInterval]) -> [SignalInterval] {
        for interval in intervals { append(interval, to: \.signals) }
        return intervals
    }

    private mutating func append<Item>(_ item: Item, to list: WritableKeyPath<SessionHistory, [Item]>) {
        if self[keyPath: list].count == capacity {
            self[keyPath: list].removeFirst()
            droppedCount += 1
        }
        self[keyPath: list].append(item)
    }
}
