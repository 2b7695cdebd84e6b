import InterhumanCore

/// A metric of a session, as Documentation/Guides/Observing.md lists it.
struct SessionMetric: Sendable, Hashable {
    enum Kind: String, Sendable {
        case counter, gauge, timer
    }

    var name: String
    var kind: Kind
    var unit: String
    /// Dimensions beside those of the configuration.
    var dimensions = ""
    var meaning: String
}

/// All metrics: which they are and where their values come from.
enum SessionMetricTable {
    struct Counter: Sendable {
        var metric: SessionMetric
        var value: @Sendable (SessionCounts) -> Int
    }

    struct Gauge: Sendable {
        var metric: SessionMetric
        var value: @Sendable (SessionStatistics) -> Double?
    }

    static let counters: [Counter] = [
        counter("connections_total", "connections", "opened", { $0.connections }),
        counter("reconnections_total", "outages", "overcome", { $0.reconnections }),
        counter("rollovers_total", "connections", "replaced before the service ended them", { $0.rollovers }),
        counter("sent_segments_total", "segments", "handed to the network", { $0.segmentsSent }),
        counter("sent_bytes_total", "bytes", "of those, headers included", { $0.bytesSent }),
        counter("sent_media_milliseconds_total", "ms", "media in those", { milliseconds($0.timeSent) }),
        counter("dropped_segments_total", "segments", "that were not sent", { $0.segmentsDropped }),
        counter("received_messages_total", "messages", "of the service", { $0.messagesReceived }),
        counter("received_bytes_total", "bytes", "of those", { $0.bytesReceived }),
        counter("service_errors_total", "messages", "of those that tell an error", { $0.serviceErrors }),
        counter("captured_frames_total", "frames", "taken from the video source", { $0.framesCaptured }),
        counter(
            "dropped_frames_total", "frames", "lost by the video source before they could be taken",
            { $0.framesDropped }),
        counter("encoded_frames_total", "frames", "encoded", { $0.framesEncoded }),
        counter("source_interruptions_total", "losses", "of a camera or microphone", { $0.sourceInterruptions }),
    ]

    static let gaps = metric("gaps_total", .counter, "stretches", "of media lost, by `MediaGap.Cause`", "cause")
    static let lostMedia = metric("lost_media_milliseconds_total", .counter, "ms", "media in those", "cause")

    static let gauges: [Gauge] = [
        gauge("connected", "0 or 1", "whether a connection takes media", { $0.isConnected ? 1 : 0 }),
        gauge("queue_segments", "segments", "that wait for the network", { Double($0.segmentsWaiting) }),
        gauge("queue_bytes", "bytes", "of those", { Double($0.bytesWaiting) }),
        gauge("queue_age_seconds", "s", "the oldest of them has waited", { $0.queueAge.inSeconds }),
        gauge(
            "send_rate_bytes_per_second", "bytes/s", "while the last segment was being sent", { $0.sendRate }),
        gauge("round_trip_seconds", "s", "from the last ping to its pong", { $0.roundTrip?.inSeconds }),
        gauge(
            "captured_frame_rate", "frames/s", "the source gave while the last segment was made",
            { $0.capturedFrameRate }),
        gauge("encoded_frame_rate", "frames/s", "in the last segment", { $0.frameRate }),
        gauge(
            "audio_drift_ppm", "ppm", "the microphone's clock runs slower than the machine's", { $0.audioDrift }),
        gauge("adaptation_level", "steps", "the encoder is stepped down", { Double($0.adaptationLevel) }),
    ]

    static let sending = metric("segment_sending", .timer, "ns", "the network took for a segment")
    static let encoding = metric("segment_encoding", .timer, "ns", "the encoder's thread worked on a segment")
    static let outage = metric("outage", .timer, "ns", "no connection took media")

    /// Every metric, in the order of the page.
    static var all: [SessionMetric] {
        counters.map(\.metric) + [gaps, lostMedia] + gauges.map(\.metric) + [sending, encoding, outage]
    }

    static func milliseconds(_ duration: Duration) -> Int { Int(clamping: duration.nanoseconds / 1_000_000) }

    private static func metric(
        _ name: String, _ kind: SessionMetric.Kind, _ unit: String, _ meaning: String, _ dimensions: String = ""
    ) -> SessionMetric {
        SessionMetric(
            name: "interhuman_" + name, kind: kind, unit: unit, dimensions: dimensions, meaning: meaning)
    }

    private static func counter(
        _ name: String, _ unit: String, _ meaning: String, _ value: @escaping @Sendable (SessionCounts) -> Int
    ) -> Counter {
        Counter(metric: metric(name, .counter, unit, meaning), value: value)
    }

    private static func gauge(
        _ name: String, _ unit: String, _ meaning: String, _ value: @escaping @Sendable (SessionStatistics) -> Double?
    ) -> Gauge {
        Gauge(metric: metric(name, .gauge, unit, meaning), value: value)
    }
}
