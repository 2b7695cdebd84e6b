import InterhumanCore
import Synchronization
import Testing

@testable import InterhumanSession

/// What is asked of an encoder while a fresh one begins.
@Suite(.timeLimit(.minutes(1)))
struct EncoderControlTests {
    /// An encoder whose first calls wait until they are let through.
    private final class SlowEncoder: SegmentEncoder {
        let limitsAsked = OneShot<Void>(), limitsAllowed = OneShot<Void>()
        let levelAsked = OneShot<Void>(), levelAllowed = OneShot<Void>()
        let asked = Mutex((limits: [Int?](), rates: [Int?]()))
        private let isFirst = Mutex((limits: true, level: true))

        func encode(_ frame: VideoFrame) -> [MediaSegment] { [] }
        func encode(_ chunk: AudioChunk) -> [MediaSegment] { [] }
        func finishVideo() -> [MediaSegment] { [] }
        func finishAudio() -> [MediaSegment] { [] }
        func finish() -> [MediaSegment] { [] }
        func cancel() {}

        func respect(_ limits: SegmentLimits) async {
            let waits = isFirst.withLock { first in
                defer { first.limits = false }
                return first.limits
            }
            limitsAsked.fulfil(())
            if waits { await limitsAllowed.value() }
            asked.withLock { $0.limits.append(limits.maximumBytes) }
        }

        func adjust(_ adjustment: EncoderAdjustment) async throws(EncodeError) -> EncoderAdjustment.Effect {
            let waits = isFirst.withLock { first in
                defer { first.level = false }
                return first.level
            }
            levelAsked.fulfil(())
            if waits { await levelAllowed.value() }
            asked.withLock { $0.rates.append(adjustment.videoBitRate) }
            return .none
        }

        func describe() -> EncoderDescription {
            var description = EncoderDescription()
            description.video = EncoderDescription.Video(
                width: 640, height: 480, maximumFrameRate: 30, bitRate: 1_000)
            return description
        }
    }

    private func limits(_ bytes: Int) -> SegmentLimits {
        SegmentLimits(maximumBytes: bytes)
    }

    @Test("what is wanted last is what the encoder has last, whichever call reaches it first")
    func latestWins() async throws {
        let control = EncoderControl()
        let encoder = SlowEncoder()
        await control.respect(limits(1))
        try await control.adjust(to: AdaptationLevel(bitRate: 0.5))
        async let begun: Void = control.begin(encoder)
        await encoder.limitsAsked.value()
        // The beginning has read what was wanted, and has not told it yet.
        await control.respect(limits(2))
        encoder.limitsAllowed.fulfil(())
        await encoder.levelAsked.value()
        try await control.adjust(to: AdaptationLevel(bitRate: 0.7))
        encoder.levelAllowed.fulfil(())
        try await begun
        let asked = encoder.asked.withLock { ($0.limits.last, $0.rates.last) }
        #expect(asked.0 == 2)
        #expect(asked.1 == 700)
    }
}
