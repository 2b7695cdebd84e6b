import Foundation
import InterhumanCore
import InterhumanEncode
import Testing

/// Messages played by a browser's MediaSource, in real time.
@Suite(
    "Chromium", .timeLimit(.minutes(10)), .serialized,
    .enabled(
        if: Tool.isInstalled("chromium"), "CHROMIUM IS NOT INSTALLED: nothing was played. apt-get install chromium"))
struct ChromiumTests {
    private struct Report: Decodable {
        var supported: Bool
        var error: String?
        var ranges: [[Double]]?
        var width: Int?
        var height: Int?
        var decoded: Int?
        var corrupted: Int?
        var audioBytes: Int?
        var ended: Bool?
    }

    private static func play(_ messages: [[UInt8]], as type: String) throws -> Report {
        let files = try messages.map { try TemporaryFile($0) }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Chromium/play.py").standardizedFileURL.path
        let output = try Tool.run("python3", [script, type] + files.map(\.path))
        try #require(output.status == 0, "\(output.standardError)")
        return try JSONDecoder().decode(Report.self, from: Data(output.standardOutput.utf8))
    }

    @Test(
        "plays the messages one after the other",
        arguments: [
            (VideoCodec.vp9, AudioCodec.opus, SegmentContainer.webM, "video/webm; codecs=\"vp9,opus\""),
            (.vp8, .opus, .webM, "video/webm; codecs=\"vp8,opus\""),
            (.av1, .opus, .webM, "video/webm; codecs=\"av01.0.04M.08,opus\""),
            (.h264, .aac, .fragmentedMP4, "video/mp4; codecs=\"avc1.640028,mp4a.40.2\""),
            (.vp9, .opus, .fragmentedMP4, "video/mp4; codecs=\"vp09.00.10.08,opus\""),
        ], [SegmentFraming.continuous, .prefixed])
    func plays(
        _ codecs: (video: VideoCodec, audio: AudioCodec, container: SegmentContainer, type: String),
        framing: SegmentFraming
    ) async throws {
        var run = EncodingRun.steady(seconds: 3, frameRate: 15)
        run.settings = SegmentSettings(
            segmentDuration: .seconds(1), framing: framing, container: codecs.container, videoCodec: codecs.video,
            audioCodec: codecs.audio, videoPreset: .fast)
        let segments = try await run.run().segments
        let report = try Self.play(segments.messages, as: codecs.type)
        #expect(report.error == nil)
        #expect(report.decoded == 45 && report.corrupted == 0)
        #expect(report.ended == true && (report.audioBytes ?? 0) > 0)
        // One range without a gap, as long as what went in.
        let range = try #require(report.ranges?.first)
        #expect(report.ranges?.count == 1 && range.count == 2 && range[0] < 0.001 && abs(range[1] - 3) < 0.07)
    }

    @Test("plays on when the size changes")
    func changedSize() async throws {
        var run = EncodingRun.steady(seconds: 0)
        run.settings.segmentDuration = .seconds(1)
        let encoder = try await run.makeEncoder()
        let clicks = ClickTrack()
        var segments: [MediaSegment] = []
        for number in 0..<45 {
            if number == 20 { _ = try await encoder.adjust(EncoderAdjustment(maximumWidth: 160)) }
            segments += try await encoder.encode(clicks.chunk(from: number * 3200, count: 3200, epoch: run.epoch))
            let time = run.epoch + .nanoseconds(Int64(number) * 1_000_000_000 / 15)
            segments += try await encoder.encode(CounterPicture().frame(number, at: time))
        }
        segments += try await encoder.finish()
        let messages = segments.map { $0.beginsStream ? $0.header + $0.body : $0.body }
        let report = try Self.play(messages, as: "video/webm; codecs=\"vp9,opus\"")
        #expect(report.error == nil && report.decoded == 45 && report.ranges?.count == 1, "\(report)")
        #expect(report.width == 160 && report.height == 90)
    }
}
