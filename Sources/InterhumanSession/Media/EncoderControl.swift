import InterhumanCore
import Synchronization

/// The encoder at work, for whoever controls it. What was asked for is asked of the next encoder as well.
final class EncoderControl: Sendable {
    private struct State {
        var encoder: (any SegmentEncoder)?
        var full: EncoderDescription.Video?
        var level = AdaptationLevel()
        var limits: SegmentLimits?
    }

    private let state = Mutex(State())

    /// A fresh encoder takes over.
    func begin(_ encoder: any SegmentEncoder) async throws(EncodeError) {
        let full = await encoder.describe().video
        let (level, limits) = state.withLock { state in
            state.encoder = encoder
            state.full = state.full ?? full
            return (state.level, state.limits)
        }
        if let limits { await encoder.respect(limits) }
        if level != AdaptationLevel() { try await adjust(to: level) }
    }

    /// No encoder is at work.
    func end() {
        state.withLock { $0.encoder = nil }
    }

    /// Lets the encoder make less or more; does nothing where it does not say what it makes.
    func adjust(to level: AdaptationLevel) async throws(EncodeError) {
        let (encoder, full) = state.withLock { state in
            state.level = level
            return (state.encoder, state.full)
        }
        guard let encoder, let full else { return }
        if try await encoder.adjust(level.adjustment(of: full)) != .none { await encoder.requestKeyframe() }
    }

    /// Lets the encoder keep to what the service says of segments.
    func respect(_ limits: SegmentLimits) async {
        let encoder = state.withLock { state in
            state.limits = limits
            return state.encoder
        }
        await encoder?.respect(limits)
    }
}
