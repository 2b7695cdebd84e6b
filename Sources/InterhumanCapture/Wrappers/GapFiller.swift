import InterhumanCore
import Synchronization

/// One track's media, as far as filling its gaps needs to know it. Pure.
protocol FillableTrack: Sendable {
    associatedtype Element: Sendable

    /// When what was given so far ends; nil while there is nothing to go on from.
    var end: MediaTime? { get }

    /// Notes what the source gave.
    mutating func take(_ element: Element)

    /// Makes an element that begins at ``end``, and how much of it counts as filled.
    mutating func fill() -> (element: Element, count: UInt64)?

    /// Where an element belongs that comes after filling.
    mutating func fit(_ element: Element) -> Fit<Element>
}

/// Where an element belongs that comes after filling.
enum Fit<Element: Sendable>: Sendable {
    /// Now: this is what is left of it, after so much was cut off.
    case now(Element, skipped: UInt64)
    /// After this one, which is filling.
    case after(Element, count: UInt64)
    /// Nowhere: its time is filled.
    case nowhere(skipped: UInt64)
}

/// Hands on a source's media and makes up for what doesn't come.
///
/// The source is asked in a task of its own, which outlasts the waiting: a source need not bear it well when somebody
/// gives up waiting for it.
final class GapFiller<Track: FillableTrack>: Sendable {
    private typealias Element = Track.Element

    private struct State {
        var track: Track
        var question: Task<Void, Never>?
        var asked: MediaTime
        var answer: Result<Element?, CaptureError>?
        var isFilling = false
        var hasFailed = false
        var isStopped = false
        var statistics = FillingStatistics()
    }

    private enum Step {
        case give(Result<Element?, CaptureError>)
        case wait(until: MediaTime?)
    }

    private let base: MediaSequence<Track.Element, CaptureError>
    private let policy: FillingPolicy
    private let clock: any MediaClock
    private let events: EventChannel<FillingEvent>
    private let state: Mutex<State>
    private let news = Wakeup()

    init(
        _ base: MediaSequence<Track.Element, CaptureError>, track: Track, policy: FillingPolicy,
        clock: any MediaClock, events: EventChannel<FillingEvent>
    ) {
        self.base = base
        self.policy = policy
        self.clock = clock
        self.events = events
        state = Mutex(State(track: track, asked: clock.now))
    }

    var statistics: FillingStatistics { state.withLock { $0.statistics } }

    /// Lets whoever waits look whether the source has ended.
    func stop() {
        state.withLock { $0.isStopped = true }
        news.signal()
    }

    /// The next element: the source's, or filling.
    func next() async throws(CaptureError) -> Track.Element? {
        while !Task.isCancelled {
            switch state.withLock({ step(&$0) }) {
            case .give(let result):
                if case .success(.some) = result {} else { events.finish() }
                return try result.get()
            case .wait(until: let deadline?): await news.wait(until: deadline, on: clock)
            case .wait(until: nil): await news.wait()
            }
        }
        state.withLock { $0.question }?.cancel()
        return nil
    }

    private func step(_ state: inout State) -> Step {
        while let answer = state.answer {
            switch answer {
            case .success(let element?):
                if let step = place(element, &state) { return step }
            case .success(nil): return .give(.success(nil))
            case .failure(let error):
                guard policy.outlastsFailure, !state.isStopped else {
                    // Thrown once; who asks again gets the end.
                    state.answer = .success(nil)
                    return .give(.failure(error))
                }
                state.answer = nil
                state.hasFailed = true
                events.send(.failed(error))
            }
        }
        if state.hasFailed, state.isStopped { return .give(.success(nil)) }
        if !state.hasFailed, state.question == nil { ask(&state) }
        guard let end = state.track.end else { return .wait(until: nil) }
        // Who reads late has a source that waits for him; that is no gap.
        let begin = state.isFilling || state.hasFailed ? end : max(end, state.asked)
        let due = begin + policy.patience
        guard clock.now >= due else { return .wait(until: due) }
        return fill(from: end, &state)
    }

    /// Gives what the source gave, or what comes before it; nil when that came too late.
    private func place(_ element: Element, _ state: inout State) -> Step? {
        guard state.isFilling else {
            state.answer = nil
            state.track.take(element)
            return .give(.success(element))
        }
        switch state.track.fit(element) {
        case .now(let rest, let skipped):
            state.answer = nil
            state.isFilling = false
            state.statistics.skipped += skipped
            if let end = state.track.end { events.send(.ended(at: end)) }
            state.track.take(rest)
            return .give(.success(rest))
        case .after(let bridge, let count):
            state.statistics.filled += count
            state.track.take(bridge)
            return .give(.success(bridge))
        case .nowhere(let skipped):
            state.answer = nil
            state.statistics.skipped += skipped
            return nil
        }
    }

    private func fill(from end: MediaTime, _ state: inout State) -> Step {
        guard let (element, count) = state.track.fill() else { return .wait(until: nil) }
        if !state.isFilling {
            state.isFilling = true
            state.statistics.gaps += 1
            events.send(.began(at: end))
        }
        state.statistics.filled += count
        return .give(.success(element))
    }

    private func ask(_ state: inout State) {
        state.asked = clock.now
        state.question = Task { [base] in
            let answer: Result<Element?, CaptureError>
            do throws(CaptureError) {
                var iterator = base.makeAsyncIterator()
                answer = .success(try await iterator.next())
            } catch {
                answer = .failure(error)
            }
            self.state.withLock { state in
                state.question = nil
                // A cancelled question has no answer; whoever comes next asks afresh.
                if case .success(nil) = answer, Task.isCancelled { return }
                state.answer = answer
            }
            news.signal()
        }
    }
}
