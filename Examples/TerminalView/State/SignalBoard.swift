import InterhumanCore
import InterhumanSession

/// The signals that are there, and those that were there a moment ago.
struct SignalBoard: Sendable {
    /// A line of the board.
    struct Entry: Sendable, Hashable {
        var type: SignalType
        var connection: Int
        var probability: SignalProbability?
        var rationale: String
        /// When it came, in seconds of the view's clock.
        var appeared: Double
        /// When it went; nil while it is there.
        var vanished: Double?
    }

    /// How long what is over stays, in seconds.
    static let memory = 30.0
    /// Most lines that are kept; the service may make up types.
    private static let capacity = 64
    /// Most of a rationale that is kept, in characters; no line is longer.
    private static let rationaleLength = 1_000

    private(set) var entries: [Entry] = []

    /// Those that are there, newest first, then those that went, the last first.
    func shown(at now: Double) -> [Entry] {
        let active = entries.filter { $0.vanished == nil }.sorted { $0.appeared > $1.appeared }
        let recent = entries.filter { $0.vanished.map { now - $0 < Self.memory } ?? false }
            .sorted { ($0.vanished ?? 0) > ($1.vanished ?? 0) }
        return active + recent
    }

    /// A signal was found or found again.
    mutating func take(_ observation: SignalObservation, connection: Int, at now: Double) {
        let isOver = observation.end != nil
        if let index = index(of: observation.type, connection) {
            entries[index].probability = observation.probability ?? entries[index].probability
            if let rationale = observation.rationale { entries[index].rationale = Self.cut(rationale) }
            if isOver { entries[index].vanished = now }
            return
        }
        // It came back: one line for a type is enough.
        entries.removeAll { $0.type == observation.type && $0.vanished != nil }
        entries.append(
            Entry(
                type: observation.type, connection: connection, probability: observation.probability,
                rationale: Self.cut(observation.rationale ?? ""), appeared: now, vanished: isOver ? now : nil))
        trim(at: now)
    }

    /// A signal is over.
    mutating func end(_ type: SignalType, connection: Int, at now: Double) {
        if let index = index(of: type, connection) { entries[index].vanished = now }
        trim(at: now)
    }

    private func index(of type: SignalType, _ connection: Int) -> Int? {
        entries.firstIndex { $0.type == type && $0.connection == connection && $0.vanished == nil }
    }

    private mutating func trim(at now: Double) {
        entries.removeAll { $0.vanished.map { now - $0 >= Self.memory } ?? false }
        if entries.count > Self.capacity { entries.removeFirst(entries.count - Self.capacity) }
    }

    private static func cut(_ text: String) -> String { String(text.prefix(rationaleLength)) }
}
