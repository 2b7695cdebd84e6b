import CoreMetrics
import InterhumanCore
import InterhumanTesting
import MetricsTestKit
import Testing

@testable import InterhumanSession

/// What a program that measures gets to see.
@Suite(.timeLimit(.minutes(1)))
struct MetricsTests {
    /// Every metric as Documentation/Guides/Observing.md shows it.
    private static var markdown: String {
        let head = ["| metric | kind | unit | further dimensions | what |", "| --- | --- | --- | --- | --- |"]
        let rows = SessionMetricTable.all.map { metric in
            let dimensions = metric.dimensions.isEmpty ? "" : "`\(metric.dimensions)`"
            return "| `\(metric.name)` | \(metric.kind.rawValue) | \(metric.unit) | \(dimensions) | \(metric.meaning) |"
        }
        return (head + rows).joined(separator: "\n")
    }

    @Test("the page lists the metrics of the code")
    func page() throws {
        #expect(
            try DocumentedTable.read("Guides/Observing.md", replacingWith: Self.markdown) == Self.markdown,
            "\(DocumentedTable.advice)")
        let names = SessionMetricTable.all.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test("counters end where the summary does, gauges show the present, all have the dimensions asked for")
    func figures() async throws {
        let measured = TestMetrics()
        var link = SimulatedLink()
        link.breaksAfterBytes = 6_000
        let fixture = try LiveFixture(seconds: 30, links: [link]) {
            $0.metrics = measured
            $0.metricDimensions = [("room", "blue")]
            $0.outbox.maximumAge = .seconds(2)
        }
        let account = try await fixture.run { session, clock in
            try await clock.sleep(untilSecond: 12)
            await session.pause()
            try await clock.sleep(untilSecond: 15)
            await session.resume()
        }
        let summary = try #require(account.summary)
        let room = [("room", "blue")]
        for counter in SessionMetricTable.counters {
            let shown = try measured.expectCounter(counter.metric.name, room)
            #expect(shown.totalValue == counter.value(summary.counts), "\(counter.metric.name)")
        }
        #expect(summary.reconnections == 1)
        #expect(summary.framesCaptured == 300)
        #expect(summary.bytesReceived > 0)
        for gauge in SessionMetricTable.gauges {
            _ = try measured.expectRecorder(gauge.metric.name, room)
        }
        #expect(try measured.expectRecorder("interhuman_connected", room).lastValue == 0)
        #expect(try measured.expectRecorder("interhuman_connected", room).values.contains(1))
        #expect(try measured.expectRecorder("interhuman_queue_segments", room).lastValue == 0)
        #expect(try measured.expectTimer("interhuman_outage", room).values.count == 1)
        #expect(try measured.expectTimer("interhuman_segment_sending", room).values.count == summary.segmentsSent)

        let paused = room + [("cause", "paused")]
        #expect(try measured.expectCounter("interhuman_gaps_total", paused).totalValue == 1)
        #expect(measured.counterTotal(label: "interhuman_gaps_total") == summary.gaps)
        let lost = measured.counterTotal(label: "interhuman_lost_media_milliseconds_total")
        #expect(lost == SessionMetricTable.milliseconds(summary.timeLost))
        // Nothing else has been made: the page is whole.
        let shown = Set(
            measured.counters.map(\.label) + measured.recorders.map(\.label) + measured.timers.map(\.label))
        #expect(shown == Set(SessionMetricTable.all.map(\.name)))
    }

    @Test("statistics: what the sources and the connection know comes along")
    func statistics() async throws {
        let monitor = SourceMonitor {
            var statistics = SourceStatistics()
            statistics.dropped = 7
            statistics.driftPartsPerMillion = -12.5
            return statistics
        }
        let measured = TestMetrics()
        let session = StreamSession(
            configuration: try {
                var configuration = StreamSession.Configuration(
                    credentials: RecordingCredentialProvider(repeating: .test),
                    endpoint: try ServiceEndpoint(baseURL: "wss://service.example"))
                configuration.metrics = measured
                return configuration
            }(),
            video: MonitoredVideo(base: ArrayVideoSource(count: 180), monitor: monitor),
            audio: MonitoredAudio(base: ArrayAudioSource(count: 300), monitor: monitor),
            encoderFactory: PassthroughSegmentEncoderFactory(), connector: ScriptedConnector([.accept(.wellBehaved())]))
        let account = await Account(reading: try await session.start())
        #expect(account.error == nil)
        #expect(account.summary?.framesDropped == 7)
        #expect(await session.statistics.audioDrift == -12.5)
        #expect(try measured.expectRecorder("interhuman_audio_drift_ppm").lastValue == -12.5)
        #expect(try measured.expectCounter("interhuman_dropped_frames_total").totalValue == 7)
    }
}

/// A source with somebody else's monitor.
private struct MonitoredVideo: VideoSource {
    let base: ArrayVideoSource
    let monitor: SourceMonitor

    func start() async throws(CaptureError) -> VideoStream {
        var stream = try await base.start()
        stream.monitor = monitor
        return stream
    }

    func stop() async { await base.stop() }
}

/// The same for sound.
private struct MonitoredAudio: AudioSource {
    let base: ArrayAudioSource
    let monitor: SourceMonitor

    func start() async throws(CaptureError) -> AudioStream {
        var stream = try await base.start()
        stream.monitor = monitor
        return stream
    }

    func stop() async { await base.stop() }
}
