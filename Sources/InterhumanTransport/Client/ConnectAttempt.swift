import InterhumanCore
import NIOCore
import Synchronization

/// One try to open a connection: the first outcome counts, and whatever the try opened is closed before a failure is
/// reported.
final class ConnectAttempt<Success: Sendable>: Sendable {
    typealias Outcome = Result<Success, ConnectionError>

    private struct State {
        var channels: [any Channel] = []
        var continuation: CheckedContinuation<Outcome, Never>?
        /// The outcome, once there is one.
        var outcome: Outcome?
        var timer: Scheduled<Void>?
        var stage = "connect"
    }

    private let state = Mutex(State())

    /// What is being done, for the error of a deadline.
    var stage: String {
        get { state.withLock { $0.stage } }
        set { state.withLock { $0.stage = newValue } }
    }

    /// Waits for the outcome. `deadline` is a timer that ends the try.
    func outcome(deadline timer: Scheduled<Void>) async -> Outcome {
        let result = await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> Outcome? in
                state.timer = timer
                if state.outcome == nil { state.continuation = continuation }
                return state.outcome
            }
            if let ready { continuation.resume(returning: ready) }
        }
        timer.cancel()
        if case .failure = result { await closeChannels() }
        return result
    }

    /// Takes note of a channel that the try made.
    ///
    /// - Throws: When the try is over, so that the channel is not opened.
    func adopt(_ channel: any Channel) throws {
        try state.withLock { state in
            guard state.outcome == nil else { throw ChannelError.ioOnClosedChannel }
            state.channels.append(channel)
        }
    }

    /// Ends the try, unless it has ended; whether this outcome counts.
    @discardableResult
    func finish(_ outcome: Outcome) -> Bool {
        let (counts, continuation) = state.withLock { state -> (Bool, CheckedContinuation<Outcome, Never>?) in
            guard state.outcome == nil else { return (false, nil) }
            state.outcome = outcome
            return (true, state.continuation.take())
        }
        continuation?.resume(returning: outcome)
        return counts
    }

    private func closeChannels() async {
        let channels = state.withLock { state in
            defer { state.channels = [] }
            return state.channels
        }
        for channel in channels {
            // Nobody is left to hear a goodbye, and the socket must not wait for a peer that stalls.
            channel.triggerUserOutboundEvent(ChannelAbort(), promise: nil)
            channel.close(promise: nil)
        }
        for channel in channels { try? await channel.closeFuture.get() }
    }
}
