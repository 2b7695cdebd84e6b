public import InterhumanCore

/// A signal from its beginning to its end, put together from `signal.detected`, `signal.updated` and `signal.ended`.
public struct SignalInterval: Sendable, Hashable {
    /// Which signal.
    public var type: SignalType
    /// When it began.
    public var start: SessionInstant
    /// When it ended; nil while it lasts.
    public var end: SessionInstant?
    /// How its end is known; nil while it lasts.
    public var ending: Ending?
    /// How sure the service was last.
    public var probability: SignalProbability?
    /// Why, in the service's last words.
    public var rationale: String?
    /// What it was read from.
    public var modality: [SignalModality]?
    /// The number of the connection that brought it. A signal that lasts over a change of connections is two intervals
    /// that meet: the services don't know of each other.
    public var connection: Int

    /// Creates an interval.
    public init(_ observation: Timed<SignalObservation>, start: SessionInstant, connection: Int) {
        type = observation.value.type
        self.start = start
        self.connection = connection
        update(observation)
    }

    mutating func update(_ observation: Timed<SignalObservation>) {
        probability = observation.value.probability ?? probability
        rationale = observation.value.rationale ?? rationale
        modality = observation.value.modality ?? modality
    }

    mutating func close(at end: SessionInstant, _ ending: Ending) {
        // An interval has a length, whatever the service says.
        self.end = end.sessionSeconds < start.sessionSeconds ? start : end
        self.ending = ending
    }

    /// How the end of an interval is known.
    public enum Ending: Sendable, Hashable {
        /// The service told it.
        case told
        /// The service began another interval of the type.
        case replaced
        /// The media of the connection ended while the signal lasted.
        case mediaEnded
    }
}
