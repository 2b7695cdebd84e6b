import InterhumanCore
import InterhumanWire
import Synchronization

/// One recorded connection, played again.
final class ReplayConnection: AnalysisConnection {
    typealias Difference = (recorded: WireRecording.Kind?, done: WireRecording.Kind, offset: Int?)

    private struct State {
        /// The next entry that was not told to the client or done by it.
        var next = 0
        /// Up to where the client has done what it did in the recording.
        var reached = 0
        var isClosed = false
        var isEnded = false
    }

    private let entries: [WireRecording.Entry]
    private let clock: (any MediaClock)?
    private let openedAt: MediaTime?
    private let began: Duration
    private let report: @Sendable (Difference) -> Void
    private let state = Mutex(State())
    private let news = Wakeup()

    let correlationID: String?

    init(
        entries: [WireRecording.Entry], correlationID: String?, began: Duration, clock: (any MediaClock)?,
        report: @escaping @Sendable (Difference) -> Void
    ) {
        self.entries = entries
        self.correlationID = correlationID
        self.began = began
        self.clock = clock
        self.report = report
        openedAt = clock?.now
    }

    // MARK: The service

    var events: MediaSequence<ConnectionEvent, Never> {
        MediaSequence { [self] () async throws(Never) -> ConnectionEvent? in
            while !Task.isCancelled {
                switch turn() {
                case .tell(let event): return event
                case .wait(let due, let clock): await news.wait(until: due, on: clock)
                case .waitForClient: await news.wait()
                }
            }
            return nil
        }
    }

    private enum Turn {
        case tell(ConnectionEvent)
        case wait(until: MediaTime, any MediaClock)
        case waitForClient
    }

    private func turn() -> Turn {
        state.withLock { state in
            while state.next < entries.count, !state.isEnded {
                let entry = entries[state.next]
                if entry.kind.isOfClient || entry.kind == .sendFailed {
                    // The client's closing is done when it is done, whatever the recording waits for.
                    guard state.next < state.reached || state.isClosed else { return .waitForClient }
                    state.next += 1
                    continue
                }
                if let clock, let due = due(entry), clock.now < due, !state.isClosed { return .wait(until: due, clock) }
                state.next += 1
                if entry.kind == .ended {
                    state.isEnded = true
                    return .tell(.ended(entry.ending))
                }
                return .tell(.message(Self.message(entry)))
            }
            guard state.isClosed, !state.isEnded else { return .waitForClient }
            state.isEnded = true
            return .tell(.ended(ConnectionEnding(closeCode: 1000, initiator: .local)))
        }
    }

    private func due(_ entry: WireRecording.Entry) -> MediaTime? {
        openedAt.map { $0 + (entry.time - began) }
    }

    private static func message(_ entry: WireRecording.Entry) -> ServerMessage {
        let text = String(decoding: entry.payload, as: UTF8.self)
        do throws(EnvelopeError) {
            return try EnvelopeDecoder().decode(text)
        } catch {
            return ServerMessage(type: "", body: .unknown(reason: error.message), rawJSON: text)
        }
    }

    // MARK: The client

    func send(_ configuration: SessionConfiguration) async throws(ConnectionError) {
        try take(.configuration, Array(ClientMessageEncoder().encode(configuration).utf8))
    }

    func send(_ segment: MediaSegment, includingHeader: Bool) async throws(ConnectionError) {
        try take(.segment, (includingHeader ? segment.header : []) + segment.body)
    }

    func requestClose() async throws(ConnectionError) {
        try take(.closeRequest, Array(ClientMessageEncoder().encodeClose().utf8))
    }

    func close() async {
        state.withLock { $0.isClosed = true }
        news.signal()
    }

    /// Notes what the client did, which lets the service go on; throws where it failed in the recording.
    private func take(_ kind: WireRecording.Kind, _ payload: [UInt8]) throws(ConnectionError) {
        let (difference, error) = state.withLock { state -> (Difference?, ConnectionError?) in
            if state.isClosed || state.isEnded { return (nil, Self.closed) }
            let left = entries.indices.dropFirst(state.reached).filter { index in
                entries[index].kind.isOfClient && entries[index].kind != .close
            }
            let expected = left.first.map { entries[$0] }
            // What the client leaves out is taken as done; what the recording doesn't have changes nothing.
            guard let index = left.first(where: { entries[$0].kind == kind }) else {
                return ((expected?.kind, kind, nil), nil)
            }
            state.reached = index + 1
            let next = left.first { $0 > index } ?? entries.count
            let failure = entries[index..<next].first { $0.kind == .sendFailed }?.error
            if expected?.kind != kind { return ((expected?.kind, kind, nil), failure) }
            let offset = Self.firstDifference(entries[index].payload, payload)
            return (offset.map { (kind, kind, $0) }, failure)
        }
        if let difference { report(difference) }
        news.signal()
        if let error { throw error }
    }

    private static func firstDifference(_ recorded: [UInt8], _ done: [UInt8]) -> Int? {
        if let offset = zip(recorded, done).enumerated().first(where: { $1.0 != $1.1 })?.offset { return offset }
        return recorded.count == done.count ? nil : min(recorded.count, done.count)
    }

    private static let closed = ConnectionError(
        .closed, operation: "replay a connection", message: "The replayed connection is over. Open a new one.")
}
