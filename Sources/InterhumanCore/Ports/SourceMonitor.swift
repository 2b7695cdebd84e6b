import Synchronization

/// What happens to a running source beside its media.
public enum SourceEvent: Sendable, Hashable {
    /// It gives nothing of its own for now, for the reason given to people. Filling may take its place.
    case lost(reason: String)
    /// It gives again.
    case returned
}

/// Counters and measures of a running source, as far as it knows them.
public struct SourceStatistics: Sendable, Hashable {
    /// Pictures or chunks that were lost before anybody could take them: by the driver, or because the reader was slow.
    public var dropped: UInt64 = 0
    /// How much slower the source's clock runs than the machine's, in parts per million; nil where nobody measures it.
    public var driftPartsPerMillion: Double?

    /// Creates an account of nothing.
    public init() {}
}

/// How a running source is, for whoever uses its stream.
///
/// A source makes one and puts it in its ``VideoStream`` or ``AudioStream``; a wrapper of it, such as one that fills its
/// gaps, reports to the same. What is reported twice is told once.
public final class SourceMonitor: Sendable {
    private struct State {
        var isLost = false
        var waiting: [SourceEvent] = []
        var interruptions = 0
        var isFinished = false
    }

    /// Events that may wait for their reader. When it is full, the oldest interruption goes: its begin and its end.
    private static let capacity = 64

    private let state = Mutex(State())
    private let news = Wakeup()
    private let read: @Sendable () -> SourceStatistics

    /// Creates a monitor; `statistics` reads the source's counters.
    public init(statistics: @escaping @Sendable () -> SourceStatistics = { SourceStatistics() }) {
        read = statistics
    }

    /// The counters and measures so far.
    public var statistics: SourceStatistics { read() }

    /// How often the source was lost.
    public var interruptions: Int { state.withLock { $0.interruptions } }

    /// Whether it gives nothing of its own at present.
    public var isLost: Bool { state.withLock { $0.isLost } }

    /// Notes that something happened to the source.
    public func report(_ event: SourceEvent) {
        let isLoss = if case .lost = event { true } else { false }
        state.withLock { state in
            guard !state.isFinished, state.isLost != isLoss else { return }
            state.isLost = isLoss
            if isLoss { state.interruptions += 1 }
            if state.waiting.count >= Self.capacity { state.waiting.removeFirst(2) }
            state.waiting.append(event)
        }
        news.signal()
    }

    /// Ends the events: the source was stopped.
    public func finish() {
        state.withLock { $0.isFinished = true }
        news.signal()
    }

    /// What happens, from the start on: losses and returns by turns. One reader.
    public var events: MediaSequence<SourceEvent, Never> {
        MediaSequence { [self] () async throws(Never) -> SourceEvent? in
            while !Task.isCancelled {
                let (event, isFinished) = state.withLock { state in
                    (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.isFinished)
                }
                if let event { return event }
                if isFinished { return nil }
                await news.wait()
            }
            return nil
        }
    }
}
