import InterhumanCore

/// Makes intervals of what the service tells in any of its three generations. Pure.
public struct SignalTracker: Sendable {
    private struct Key: Hashable {
        var connection: Int
        var type: SignalType
    }

    private var open: [Key: SignalInterval] = [:]

    /// Creates a tracker that knows nothing.
    public init() {}

    /// The intervals that last, by beginning.
    public var active: [SignalInterval] {
        open.values.sorted { ($0.start.sessionSeconds, $0.connection) < ($1.start.sessionSeconds, $1.connection) }
    }

    /// Takes an event of a connection; gives the intervals that it completes.
    public mutating func take(_ kind: SessionEvent.Kind, connection: Int) -> [SignalInterval] {
        switch kind {
        case .signalDetected(let observations): observations.flatMap { detected($0, connection) }
        case .signalUpdated(let observation): updated(observation, connection)
        case .signalEnded(let end): ended(end, connection)
        default: []
        }
    }

    /// The media of a connection is over: what lasts ends there.
    public mutating func mediaEnded(at end: SessionInstant, connection: Int) -> [SignalInterval] {
        let keys = open.keys.filter { $0.connection == connection }.sorted { $0.type.rawValue < $1.type.rawValue }
        return keys.compactMap { close($0, at: end, .mediaEnded) }
    }

    private mutating func detected(_ observation: Timed<SignalObservation>, _ connection: Int) -> [SignalInterval] {
        guard let start = observation.start else { return [] }
        let key = Key(connection: connection, type: observation.value.type)
        var interval = SignalInterval(observation, start: start, connection: connection)
        if let end = observation.end {
            interval.close(at: end, .told)
            return [interval]
        }
        let replaced = close(key, at: start, .replaced)
        open[key] = interval
        return replaced.map { [$0] } ?? []
    }

    /// An update of what nobody has seen begin begins it.
    private mutating func updated(_ observation: Timed<SignalObservation>, _ connection: Int) -> [SignalInterval] {
        let key = Key(connection: connection, type: observation.value.type)
        guard open[key] != nil else { return detected(observation, connection) }
        open[key]?.update(observation)
        guard let end = observation.end else { return [] }
        return close(key, at: end, .told).map { [$0] } ?? []
    }

    private mutating func ended(_ end: Timed<SignalEnd>, _ connection: Int) -> [SignalInterval] {
        guard let instant = end.end else { return [] }
        return close(Key(connection: connection, type: end.value.type), at: instant, .told).map { [$0] } ?? []
    }

    private mutating func close(_ key: Key, at end: SessionInstant, _ ending: SignalInterval.Ending) -> SignalInterval?
    {
        guard var interval = open.removeValue(forKey: key) else { return nil }
        interval.close(at: end, ending)
        return interval
    }
}
