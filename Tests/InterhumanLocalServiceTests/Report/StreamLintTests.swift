import InterhumanCore
import InterhumanEncode
import Testing

@testable import InterhumanLocalService

/// What the lint says of media that no client of this package sends.
@Suite("The lint", .timeLimit(.minutes(1)))
struct StreamLintTests {
    private static let start = MediaTime(seconds: 100)

    /// The report on a session in which `body` happened.
    private func report(
        _ statistics: SessionStatistics = SessionStatistics(), _ body: (inout StreamLint) throws -> Void
    ) rethrows -> StreamReport {
        var lint = StreamLint(request: SessionRequest(version: .v1))
        lint.configured()
        try body(&lint)
        lint.askedToClose()
        let ending = ConnectionEnding(
            closeCode: 1000, reason: "", initiator: .local, error: nil, traffic: ConnectionTraffic())
        return lint.report(statistics, ending, correlationID: "1")
    }

    private func codes(_ report: StreamReport) -> [StreamFinding.Code] { report.findings.map(\.code) }

    private func statistics(seconds: Double, bytes: Int = 0, pictures: Int = 0, messages: Int) -> SessionStatistics {
        var statistics = SessionStatistics()
        statistics.mediaSeconds = seconds
        statistics.byteCount = bytes
        statistics.videoFrameCount = pictures
        statistics.segmentCount = messages
        return statistics
    }

    @Test("names timestamps that go back within a container, and no others")
    func timestampsBack() {
        let report = report { lint in
            for seconds in [0, 0.1, 0.2, 0.15, 0.3] { lint.video(at: seconds) }
            // Less than a millisecond of rounding is no step back.
            for seconds in [0, 0.02, 0.0195] { lint.audio(at: seconds) }
        }
        #expect(codes(report) == [.timestampsBack])
        #expect(report.findings.first?.count == 1)
        #expect(report.findings.first?.text == "The picture's timestamps go back from 0.200 to 0.150 s.")
    }

    @Test("allows a new container to begin at 0")
    func timestampsOfContainers() throws {
        let report = report { lint in
            lint.video(at: 3)
            lint.streamStarted(Self.information(width: 640, height: 360))
            lint.video(at: 0)
        }
        #expect(codes(report).isEmpty)
    }

    @Test("names large pictures", arguments: [(1280, 720, false), (1920, 1080, true), (721, 1280, true)])
    func pictures(width: Int, height: Int, isLarge: Bool) {
        let report = report { $0.streamStarted(Self.information(width: width, height: height)) }
        #expect(codes(report) == (isLarge ? [.pictureLarge] : []))
    }

    @Test("names a high bit rate", arguments: [(3_900_000, false), (4_100_000, true)])
    func bitRate(bitsPerSecond: Int, isHigh: Bool) {
        let statistics = statistics(seconds: 9, bytes: bitsPerSecond / 8 * 9, messages: 3)
        #expect(codes(report(statistics) { _ in }) == (isHigh ? [.bitRateHigh] : []))
    }

    @Test("names a high frame rate", arguments: [(30, false), (60, true)])
    func frameRate(rate: Int, isHigh: Bool) {
        let statistics = statistics(seconds: 9, pictures: rate * 9, messages: 3)
        #expect(codes(report(statistics) { _ in }) == (isHigh ? [.frameRateHigh] : []))
    }

    @Test(
        "names messages of the wrong length",
        arguments: [(20, [StreamFinding.Code.messagesTooShort]), (2, [.messagesTooLong]), (3, [])])
    func lengths(messages: Int, expected: [StreamFinding.Code]) {
        #expect(codes(report(statistics(seconds: 9, messages: messages)) { _ in }) == expected)
    }

    @Test("names a message that does not begin with a keyframe, and which")
    func keyframes() async throws {
        let settings = SegmentSettings(segmentDuration: .seconds(1), videoPreset: .fast)
        let segments = try await EncodedMedia.encode(seconds: 3, hasAudio: true, settings: settings)
        let messages = [
            segments[0].header + segments[0].body, segments[1].body, try withoutKeyframe(segments[2].body),
        ]
        let report = report { lint in
            for (index, message) in messages.enumerated() { lint.container(message, index: index, at: Self.start) }
        }
        #expect(codes(report) == [.notKeyframeLed])
        #expect(report.findings.first?.message == 2)
    }

    @Test("names media that come faster than they can have been recorded")
    func speed() {
        let report = report { lint in
            lint.samples(index: 0, at: Self.start)
            lint.reached(mediaSeconds: 12, at: Self.start + .seconds(3))
            lint.reached(mediaSeconds: 14, at: Self.start + .seconds(3))
        }
        #expect(codes(report) == [.fasterThanRealTime])
    }

    @Test("tells of each kind of finding how much it matters and what to do")
    func advice() {
        let advice = StreamFinding.Code.allCases.map(\.advice)
        #expect(Set(advice).count == advice.count)
        #expect(advice.allSatisfy { $0.hasSuffix(".") && $0.count > 15 })
    }

    private static func information(width: Int, height: Int) -> StreamInformation {
        StreamInformation(
            container: "WebM", video: .init(codec: "vp9", width: width, height: height), audio: nil)
    }
}
