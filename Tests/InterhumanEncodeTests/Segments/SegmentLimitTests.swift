import InterhumanCore
import InterhumanEncode
import Testing

@Suite("Limits of the service", .timeLimit(.minutes(5)))
struct SegmentLimitTests {
    @Test(
        "A segment is cut before it outgrows the largest message, and nothing is lost",
        arguments: [SegmentFraming.continuous, .prefixed, .selfContained], [SegmentContainer.webM, .fragmentedMP4])
    func bytes(framing: SegmentFraming, container: SegmentContainer) async throws {
        var run = EncodingRun.steady(seconds: 9.6, frameRate: 15)
        run.settings.framing = framing
        run.settings.container = container
        let unlimited = try await run.run().segments
        let limit = (unlimited.map(\.body.count).max() ?? 0) * 2 / 3
        run.settings.limits.maximumBytes = limit
        let (segments, _) = try await run.run()
        #expect(segments.count > unlimited.count)
        #expect(
            segments.allSatisfy { $0.header.count + $0.body.count <= limit },
            "\(limit): \(segments.map(\.body.count)), \(unlimited.map(\.body.count))")
        var numbers: [Int] = []
        if framing == .selfContained {
            for segment in segments { numbers += try await Recording.decode([segment.body]).numbers }
        } else {
            numbers = try await Recording.decode(segments.messages).numbers
        }
        #expect(numbers.prefix(144) == Array(0..<144)[...])
    }

    @Test("No segment is longer than the service takes, whatever the frame rate", arguments: [1.0, 7.0, 30.0])
    func longest(frameRate: Double) async throws {
        var run = EncodingRun.steady(seconds: 13, frameRate: frameRate)
        run.settings.limits.maximumDuration = .seconds(2)
        let (segments, _) = try await run.run()
        #expect(segments.allSatisfy { $0.mediaEnd - $0.mediaStart <= 2.001 })
        #expect(try await Recording.decode(segments.messages).numbers == Array(run.frameTimes.indices))
    }

    @Test("No segment but the last is shorter than the service takes")
    func shortest() async throws {
        var run = EncodingRun.steady(seconds: 13, frameRate: 15)
        run.settings.segmentDuration = .seconds(1)
        run.settings.limits.minimumDuration = .seconds(2)
        let (segments, _) = try await run.run()
        #expect(segments.allSatisfy { $0.mediaEnd - $0.mediaStart >= 2 })
        #expect(segments.count == 6)
    }

    @Test("Limits that come while the encoder runs hold from then on")
    func whileRunning() async throws {
        let run = EncodingRun.steady(seconds: 0)
        let encoder = try await run.makeEncoder()
        var segments: [MediaSegment] = []
        for number in 0..<300 {
            if number == 100 { await encoder.respect(SegmentLimits(maximumDuration: .seconds(1))) }
            segments += try await encoder.encode(
                CounterPicture().frame(number, at: run.epoch + .milliseconds(number * 40)))
        }
        segments += try await encoder.finish()
        #expect(segments.first.map { $0.mediaEnd - $0.mediaStart } == 3)
        #expect(segments.dropFirst(2).allSatisfy { $0.mediaEnd - $0.mediaStart <= 1 })
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.numbers == Array(0..<300))
    }
}
