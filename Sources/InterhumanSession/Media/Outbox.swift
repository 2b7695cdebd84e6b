import InterhumanCore
import Synchronization

/// Encoded segments on their way to the network, in order and bounded. One reader, one writer.
final class Outbox: Sendable {
    private struct State {
        var segments: [MediaSegment] = []
        var byteCount = 0
        var isFinished = false
    }

    private let limits: OutboxLimits
    private let state = Mutex(State())
    private let newsForReader = Wakeup()
    private let newsForWriter = Wakeup()

    init(limits: OutboxLimits) {
        self.limits = limits
    }

    /// Adds a segment at once; gives the oldest ones that had to go for it.
    func appendDroppingOldest(_ segment: MediaSegment) -> [MediaSegment] {
        let dropped = state.withLock { state -> [MediaSegment] in
            var dropped: [MediaSegment] = []
            while !hasRoom(for: segment, in: state) { dropped.append(Self.takeFirst(&state)) }
            Self.append(segment, &state)
            return dropped
        }
        newsForReader.signal()
        return dropped
    }

    /// Adds a segment when there is room; false when the task was cancelled before.
    func appendWhenRoom(_ segment: MediaSegment) async -> Bool {
        while !Task.isCancelled {
            let isAdded = state.withLock { state in
                guard hasRoom(for: segment, in: state) else { return false }
                Self.append(segment, &state)
                return true
            }
            if isAdded {
                newsForReader.signal()
                return true
            }
            await newsForWriter.wait()
        }
        return false
    }

    /// Says that no more segments come.
    func finish() {
        state.withLock { $0.isFinished = true }
        newsForReader.signal()
    }

    /// Takes the oldest segment; nil when none will come and when the task is cancelled.
    func next() async -> MediaSegment? {
        while !Task.isCancelled {
            let (segment, isOver) = state.withLock { state in
                state.segments.isEmpty ? (nil, state.isFinished) : (Self.takeFirst(&state), false)
            }
            if let segment {
                newsForWriter.signal()
                return segment
            }
            if isOver { return nil }
            await newsForReader.wait()
        }
        return nil
    }

    /// Takes everything that waits.
    func removeAll() -> [MediaSegment] {
        state.withLock { state in
            defer { (state.segments, state.byteCount) = ([], 0) }
            return state.segments
        }
    }

    private func hasRoom(for segment: MediaSegment, in state: State) -> Bool {
        state.segments.isEmpty
            || state.segments.count < limits.maximumSegments
                && state.byteCount + segment.byteCount <= limits.maximumBytes
    }

    private static func append(_ segment: MediaSegment, _ state: inout State) {
        state.segments.append(segment)
        state.byteCount += segment.byteCount
    }

    private static func takeFirst(_ state: inout State) -> MediaSegment {
        let segment = state.segments.removeFirst()
        state.byteCount -= segment.byteCount
        return segment
    }
}
