import FoundationEssentials

/// What a client did wrong or wastefully in one session: a lint for streams.
public struct StreamReport: Sendable, Hashable, Codable {
    /// The service's name for the connection.
    public var correlationID: String
    /// The version of the API: "v1" or "v2".
    public var version: String
    /// How the connection ended.
    public var closeCode: Int
    /// Media messages received.
    public var messageCount: Int
    /// Bytes in them.
    public var byteCount: Int
    /// Pictures that were decoded.
    public var videoFrameCount: Int
    /// Sample frames, at the stream's own rate, that were decoded.
    public var audioSampleCount: Int
    /// Length of the session's media, in seconds.
    public var mediaSeconds: Double
    /// What there is to say, in the order in which it first happened.
    public var findings: [StreamFinding]

    enum CodingKeys: String, CodingKey {
        case version, findings
        case correlationID = "correlation_id"
        case closeCode = "close_code"
        case messageCount = "messages"
        case byteCount = "bytes"
        case videoFrameCount = "video_frames"
        case audioSampleCount = "audio_samples"
        case mediaSeconds = "media_seconds"
    }

    /// The report as one line of JSON, with sorted keys.
    public var json: String { String(decoding: ServiceJSON.encode(self), as: UTF8.self) }
}

extension StreamReport: CustomStringConvertible {
    /// For people, a line for each finding.
    public var description: String {
        let sizes = "\(messageCount) messages, \(byteCount) bytes, \(mediaSeconds.figure(decimals: 1)) s of media"
        let head = "report on \(correlationID) (\(version), closed with \(closeCode)): \(sizes)"
        guard !findings.isEmpty else { return head + "; nothing to complain of" }
        return ([head] + findings.map { "  \($0)" }).joined(separator: "\n")
    }
}

/// One thing that a client did wrong or wastefully, however often.
public struct StreamFinding: Sendable, Hashable, Codable, CustomStringConvertible {
    /// What it is.
    public var code: Code
    /// How much it matters.
    public var severity: Severity
    /// How often it happened.
    public var count: Int
    /// The media message with which it happened first, counted from 0; nil where it belongs to none.
    public var message: Int?
    /// What happened, with figures of the first time.
    public var text: String
    /// What to do.
    public var advice: String

    /// How much something matters.
    public enum Severity: String, Sendable, Hashable, Codable {
        /// The service refuses it, or can't read it.
        case error
        /// Results or media are lost, or may be.
        case warning
        /// It costs without a gain.
        case waste
    }

    /// What can be found.
    public enum Code: String, Sendable, Hashable, Codable, CaseIterable {
        /// Media came before the configuration.
        case mediaBeforeConfiguration = "media_before_configuration"
        /// No configuration came.
        case neverConfigured = "never_configured"
        /// A configuration was refused (ih6001).
        case badConfiguration = "bad_configuration"
        /// A message begins inside an element of the container.
        case cutInsideElement = "cut_inside_element"
        /// A message begins with a picture that is no keyframe.
        case notKeyframeLed = "not_keyframe_led"
        /// There is no sound track (ih5008).
        case audioMissing = "audio_missing"
        /// There is no video track (ih5001).
        case videoMissing = "video_missing"
        /// Times within a container go back.
        case timestampsBack = "timestamps_back"
        /// Media time has a hole (`coverage.dropped`).
        case mediaGap = "media_gap"
        /// The picture stops while the sound goes on (`coverage.degraded`).
        case videoGap = "video_gap"
        /// Bytes are no media (ih5004), or media beyond the limits (ih5002).
        case unreadableMedia = "unreadable_media"
        /// A WebSocket frame has more than 256 KiB.
        case frameLarge = "frame_large"
        /// A message is over the limit (ih6002).
        case messageTooLarge = "message_too_large"
        /// Messages have less than 0.9 s of media on average.
        case messagesTooShort = "messages_too_short"
        /// Messages have more than 3.5 s of media on average.
        case messagesTooLong = "messages_too_long"
        /// Media run more than 10 s ahead of the clock.
        case fasterThanRealTime = "faster_than_real_time"
        /// More than 4 Mb/s.
        case bitRateHigh = "bit_rate_high"
        /// More than 31 pictures a second.
        case frameRateHigh = "frame_rate_high"
        /// Pictures are larger than 1280 x 720.
        case pictureLarge = "picture_large"
        /// Something came after `session.close`.
        case messageAfterClose = "message_after_close"
        /// The connection ended without `session.close`.
        case noCloseRequest = "no_close_request"
        /// The idle limit, the maximum duration or a budget was reached.
        case limitReached = "limit_reached"
    }

    public var description: String {
        let place = message.map { ", first with message \($0)" } ?? ""
        let times = count > 1 ? " (\(count) times\(place))" : place.isEmpty ? "" : " (\(place.dropFirst(2)))"
        return "\(severity.rawValue) \(code.rawValue)\(times): \(text) \(advice)"
    }
}
