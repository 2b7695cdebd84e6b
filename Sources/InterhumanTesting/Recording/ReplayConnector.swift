public import InterhumanCore
import Synchronization

/// A connector that plays a ``WireRecording`` again, without a network: each attempt goes as the recorded one, and the
/// service says byte for byte what it said.
///
/// An answer comes when the client has done what came before it in the recording; with a clock, not before its recorded
/// time either. ``differences`` tells where the client did something else than then: nothing when the sources and the
/// encoder give the same bytes.
public final class ReplayConnector: AnalysisConnector {
    /// Something that the client did otherwise than in the recording.
    public struct Difference: Sendable, Hashable {
        /// Which connection, from 1.
        public var connection: Int
        /// What the recording has there; nil when it has nothing more.
        public var recorded: WireRecording.Kind?
        /// What the client did.
        public var done: WireRecording.Kind
        /// The first byte that differs, when both are of a kind.
        public var offset: Int?
    }

    private struct State {
        var attempts = 0
        var differences: [Difference] = []
    }

    /// Differences that are kept; what follows the first few says little.
    private static let mostDifferences = 100

    private let recording: WireRecording
    private let clock: (any MediaClock)?
    private let state = Mutex(State())

    /// Creates a connector.
    ///
    /// - Parameters:
    ///   - recording: What to play.
    ///   - clock: Keeps the recorded times; nil for as soon as possible.
    public init(_ recording: WireRecording, clock: (any MediaClock)? = nil) {
        self.recording = recording
        self.clock = clock
    }

    /// Where the client did something else than in the recording, in order; at most 100.
    public var differences: [Difference] { state.withLock { $0.differences } }

    /// Attempts so far.
    public var attempts: Int { state.withLock { $0.attempts } }

    public func connect(_ request: ConnectionRequest) async throws(ConnectionError) -> any AnalysisConnection {
        let number = state.withLock { state in
            state.attempts += 1
            return state.attempts
        }
        let entries = recording.entries(of: number)
        guard let outcome = entries.first(where: { $0.kind == .opened || $0.kind == .refused }) else {
            throw ConnectionError(
                .unreachable, operation: "replay a connection",
                message: "The recording has no connection \(number). The session opens more than were recorded.")
        }
        if outcome.kind == .refused, let error = outcome.error { throw error }
        let name = outcome.attributes["named"] == nil ? nil : String(decoding: outcome.payload, as: UTF8.self)
        return ReplayConnection(
            entries: entries.filter { $0.kind != .connect && $0.kind != .opened }, correlationID: name,
            began: outcome.time, clock: clock
        ) { [self] difference in
            state.withLock { state in
                guard state.differences.count < Self.mostDifferences else { return }
                state.differences.append(
                    Difference(
                        connection: number, recorded: difference.recorded, done: difference.done,
                        offset: difference.offset))
            }
        }
    }
}
