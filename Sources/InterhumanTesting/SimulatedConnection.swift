public import InterhumanCore
import Synchronization

/// A connection of a ``SimulatedConnector``, and what the service at its other end received.
public final class SimulatedConnection: AnalysisConnection {
    /// A message that the service received whole.
    public enum Received: Sendable, Hashable {
        /// A configuration arrived whole.
        case configuration(SessionConfiguration)
        /// A segment arrived whole, with or without the container's header.
        case segment(MediaSegment, includingHeader: Bool)
        /// The request to finish arrived (`session.close`).
        case closeRequest
    }

    private struct State {
        var byteCount: Int
        /// When the network has taken what was given to it so far.
        var takenUntil: MediaTime
        var received: [Received] = []
        var incoming: [ConnectionEvent] = []
        var anchor: MediaTime?
        var isEnded = false
        var isClosedByClient = false
        var sleepers: [ObjectIdentifier: Wakeup] = [:]
    }

    private let link: SimulatedLink
    private let clock: any MediaClock
    private let openedAt: MediaTime
    private let state: Mutex<State>
    private let newsForReader = Wakeup()

    public let correlationID: String?

    init(_ link: SimulatedLink, number: Int, clock: any MediaClock) {
        self.link = link
        self.clock = clock
        correlationID = "simulated-\(number)"
        openedAt = clock.now
        state = Mutex(State(byteCount: link.handshakeBytes, takenUntil: openedAt))
        if let ready = link.ready { deliver(ServerMessage(scripted: .sessionReady(ready))) }
    }

    // MARK: For the client

    public var events: MediaSequence<ConnectionEvent, Never> {
        MediaSequence { [self] () async throws(Never) in await nextEvent() }
    }

    public func send(_ configuration: SessionConfiguration) async throws(ConnectionError) {
        try await transmit(byteCount: 100, "send the configuration")
        receive(.configuration(configuration))
        deliver(ServerMessage(scripted: .sessionUpdated(SessionUpdated(include: configuration.include))))
    }

    public func send(_ segment: MediaSegment, includingHeader: Bool) async throws(ConnectionError) {
        try await transmit(
            byteCount: segment.body.count + (includingHeader ? segment.header.count : 0), "send a segment")
        let count = receive(.segment(segment, includingHeader: includingHeader))
        let anchor = state.withLock { state in
            state.anchor = state.anchor ?? segment.timeRange.start
            return state.anchor ?? segment.timeRange.start
        }
        if link.answersSegments {
            let (start, end) = (segment.timeRange.start - anchor, segment.timeRange.end - anchor)
            deliver(
                ServerMessage(
                    scripted: .engagementUpdated(
                        EngagementUpdate(state: .engaged, start: start.inSeconds, end: end.inSeconds))))
        }
        for message in link.messages[count] ?? [] { deliver(message) }
    }

    public func requestClose() async throws(ConnectionError) {
        try await transmit(byteCount: 30, "send session.close")
        receive(.closeRequest)
        switch link.drain {
        case .orderly(let delay):
            deliver(
                ServerMessage(scripted: .sessionClosing(SessionClosing(maxDrainSeconds: delay.inSeconds.rounded(.up)))))
            guard await sleep(delay) else { return }
            deliver(ServerMessage(scripted: .sessionEnded(SessionEnded(reason: "client_shutdown"))))
            end(ConnectionEnding(closeCode: 1000, initiator: .remote))
        case .announcedOnly(let seconds):
            deliver(ServerMessage(scripted: .sessionClosing(SessionClosing(maxDrainSeconds: seconds))))
        case .breaks(let delay):
            deliver(ServerMessage(scripted: .sessionClosing(SessionClosing(maxDrainSeconds: 60))))
            if await sleep(delay) { breakOff() }
        case .closes: end(ConnectionEnding(closeCode: 1000, initiator: .remote))
        case .silence: break
        case .chatter:
            while await sleep(.seconds(1)) {
                deliver(ServerMessage(scripted: .feedbackGenerated(Feedback(text: "And another thing."))))
            }
        }
    }

    public func close() async {
        state.withLock { $0.isClosedByClient = true }
        end(ConnectionEnding(closeCode: 1000, initiator: .local))
    }

    // MARK: For the test

    /// What the service received whole, in order.
    public var received: [Received] { state.withLock { $0.received } }

    /// The segments among it, and whether the header came with them.
    public var segments: [(segment: MediaSegment, includingHeader: Bool)] {
        received.compactMap { if case .segment(let segment, let header) = $0 { (segment, header) } else { nil } }
    }

    /// Whether the client closed the connection.
    public var isClosedByClient: Bool { state.withLock { $0.isClosedByClient } }

    /// Ends the connection.
    public func end(_ ending: ConnectionEnding) {
        let sleepers = state.withLock { state -> [Wakeup] in
            guard !state.isEnded else { return [] }
            state.isEnded = true
            state.incoming.append(.ended(ending))
            return Array(state.sleepers.values)
        }
        newsForReader.signal()
        for sleeper in sleepers { sleeper.signal() }
    }

    // MARK: The network

    private func nextEvent() async -> ConnectionEvent? {
        while !Task.isCancelled {
            if let event = state.withLock({ $0.incoming.isEmpty ? nil : $0.incoming.removeFirst() }) { return event }
            guard let limit = link.endsAfter, !state.withLock({ $0.isEnded }) else {
                await newsForReader.wait()
                continue
            }
            let end = openedAt + limit
            if clock.now >= end { breakOff() } else { await newsForReader.wait(until: end, on: clock) }
        }
        return nil
    }

    /// Sends a message to the client.
    public func deliver(_ message: ServerMessage) {
        state.withLock { state in
            if !state.isEnded { state.incoming.append(.message(message)) }
        }
        newsForReader.signal()
    }

    @discardableResult
    private func receive(_ item: Received) -> Int {
        state.withLock { state in
            state.received.append(item)
            return state.received.count { if case .segment = $0 { true } else { false } }
        }
    }

    private func breakOff() {
        if let lastWords = link.lastWords { deliver(ServerMessage(scripted: .error(lastWords))) }
        end(link.ending)
    }

    /// Takes the time that the bytes need; throws when the connection breaks among them.
    private func transmit(byteCount: Int, _ operation: String) async throws(ConnectionError) {
        let limit = [link.breaksAfterBytes, link.stallsAfterBytes].compactMap { $0 }.min() ?? .max
        let now = clock.now
        let change = link.speedChanges.last { $0.after <= now - openedAt }
        let speed = change.map(\.bytesPerSecond) ?? link.bytesPerSecond
        let (taken, end) = state.withLock { state in
            let taken = max(0, min(byteCount, limit - state.byteCount))
            state.byteCount += taken
            // A network takes one message at a time: what comes meanwhile follows it.
            state.takenUntil = max(state.takenUntil, now) + .seconds(speed.map { Double(taken) / max(1, $0) } ?? 0)
            return (taken, state.takenUntil)
        }
        if speed != nil || end > now {
            guard await sleep(end - now) else { throw error(operation) }
        }
        if taken < byteCount {
            if limit == link.breaksAfterBytes { breakOff() } else { _ = await sleep(nil) }
            throw error(operation)
        }
        if state.withLock({ $0.isEnded }) { throw error(operation) }
    }

    /// Sleeps unless the connection ends or the task is cancelled; nil sleeps until then.
    private func sleep(_ duration: Duration?) async -> Bool {
        let deadline = duration.map { clock.now + $0 }
        let ended = Wakeup()
        state.withLock { $0.sleepers[ObjectIdentifier(ended)] = ended }
        defer { state.withLock { _ = $0.sleepers.removeValue(forKey: ObjectIdentifier(ended)) } }
        while !Task.isCancelled, !state.withLock({ $0.isEnded }) {
            guard let deadline else {
                await ended.wait()
                continue
            }
            if clock.now >= deadline { return true }
            await ended.wait(until: deadline, on: clock)
        }
        return false
    }

    private func error(_ operation: String) -> ConnectionError {
        Task.isCancelled
            ? ConnectionError(.cancelled, operation: operation, message: "The task was cancelled. Send it again.")
            : ConnectionError(.connectionLost, operation: operation, message: "The connection broke. Open a new one.")
    }
}
