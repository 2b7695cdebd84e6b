import InterhumanCore
import Synchronization

/// Hands out the elements of an array, then ends, fails, or stays open as a silent device does.
final class ArraySourceState<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element]
        var isStarted = false
        var isStopped = false
    }

    private let state: Mutex<State>
    private let ending: ArraySourceEnding
    private let pacing: (clock: any MediaClock, due: @Sendable (Element) -> MediaTime)?
    private let stopSignal = Wakeup()
    private let interruptions: [TimeRange]
    private let time: @Sendable (Element) -> MediaTime
    /// Told of the interruptions.
    let monitor = SourceMonitor()

    /// - Parameters:
    ///   - interruptions: When nothing comes: what belongs there is left out.
    ///   - time: When an element begins.
    ///   - pacing: A clock, and when each element comes on it; nil for at once.
    init(
        _ elements: [Element], ending: ArraySourceEnding, interruptions: [TimeRange],
        time: @escaping @Sendable (Element) -> MediaTime,
        pacing: (clock: any MediaClock, due: @Sendable (Element) -> MediaTime)? = nil
    ) {
        state = Mutex(State(elements: elements))
        self.interruptions = interruptions
        self.time = time
        self.ending = ending
        self.pacing = pacing
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    func start() throws(CaptureError) {
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        guard isFirst else {
            throw CaptureError(
                .misuse, operation: "start the source",
                message: "The source was started twice. Make a new source for each use.")
        }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        monitor.finish()
        stopSignal.signal()
    }

    func next() async throws(CaptureError) -> Element? {
        while true {
            await awaitDueTime()
            let (element, isStopped) = state.withLock { state in
                state.isStopped || state.elements.isEmpty
                    ? (nil, state.isStopped) : (state.elements.removeFirst(), false)
            }
            guard let element else { return try await end(isStopped: isStopped) }
            guard interruptions.contains(where: { $0.start <= time(element) && time(element) < $0.end }) else {
                monitor.report(.returned)
                return element
            }
            monitor.report(.lost(reason: "It was unplugged."))
        }
    }

    private func end(isStopped: Bool) async throws(CaptureError) -> Element? {
        if isStopped { return nil }
        switch ending {
        case .ends: return nil
        case .fails(let error): throw error
        case .staysOpen:
            while !Task.isCancelled, !self.isStopped { await stopSignal.wait() }
            return nil
        }
    }

    /// Waits until the next element is due, or the source is stopped, or the task is cancelled.
    private func awaitDueTime() async {
        guard let pacing, let first = state.withLock({ $0.elements.first }) else { return }
        let due = pacing.due(first)
        while !isStopped, !Task.isCancelled, pacing.clock.now < due {
            await stopSignal.wait(until: due, on: pacing.clock)
        }
    }
}
