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
        if limits != nil { await applyLimits() }
        if level != AdaptationLevel() { try await applyLevel() }
    }

    /// No encoder is at work.
    func end() {
        state.withLock { $0.encoder = nil }
    }

    /// Lets the encoder make less or more; does nothing where it does not say what it makes.
    func adjust(to level: AdaptationLevel) async throws(EncodeError) {
        state.withLock { $0.level = level }
        try await applyLevel()
    }

    /// Lets the encoder keep to what the service says of segments.
    func respect(_ limits: SegmentLimits) async {
        state.withLock { $0.limits = limits }
        await applyLimits()
    }

    /// Asks the encoder for the level that is wanted, again if another one was wanted meanwhile: two callers may reach the
    /// encoder in either order, and the one that brings the older wish sees the newer afterwards.
    private func applyLevel() async throws(EncodeError) {
        while true {
            let (encoder, full, level) = state.withLock { ($0.encoder, $0.full, $0.level) }
            guard let encoder, let full else { return }
            if try await encoder.adjust(level.adjustment(of: full)) != .none { await encoder.requestKeyframe() }
            if state.withLock({ $0.level == level }) { return }
        }
    }

    /// The same for the service's limits.
    private func applyLimits() async {
        while true {
            let (encoder, limits) = state.withLock { ($0.encoder, $0.limits) }
            guard let encoder, let limits else { return }
            await encoder.respect(limits)
            if state.withLock({ $0.limits == limits }) { return }
        }
    }
}
