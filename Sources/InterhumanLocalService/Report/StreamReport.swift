import FoundationEssentials

/// What a client did wrong or wastefully in one session: a lint for streams.
public struct StreamReport: Sendable, Hashable, Codable {
    /// The service's name for the connection.
    public var correlationID: String
    /// The version of the API: "v1" or "v2".
    public var version: String
    /// How the connection ended.
    public var closeCode: Int
    /// Media messages received, and bytes in them.
    public var messageCount: Int
    public var byteCount: Int
    /// Pictures, and sample frames at the stream's own rate, that were decoded.
    public var videoFrameCount: Int
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
        case mediaBeforeConfiguration = "media_before_configuration"
        case neverConfigured = "never_configured"
        case badConfiguration = "bad_configuration"
        case cutInsideElement = "cut_inside_element"
        case notKeyframeLed = "not_keyframe_led"
        case audioMissing = "audio_missing"
        case videoMissing = "video_missing"
        case timestampsBack = "timestamps_back"
        case mediaGap = "media_gap"
        case videoGap = "video_gap"
        case unreadableMedia = "unreadable_media"
        case frameLarge = "frame_large"
        case messageTooLarge = "message_too_large"
        case messagesTooShort = "messages_too_short"
        case messagesTooLong = "messages_too_long"
        case fasterThanRealTime = "faster_than_real_time"
        case bitRateHigh = "bit_rate_high"
        case frameRateHigh = "frame_rate_high"
        case pictureLarge = "picture_large"
        case messageAfterClose = "message_after_close"
        case noCloseRequest = "no_close_request"
        case limitReached = "limit_reached"
    }

    public var description: String {
        let place = message.map { ", first with message \($0)" } ?? ""
        let times = count > 1 ? " (\(count) times\(place))" : place.isEmpty ? "" : " (\(place.dropFirst(2)))"
        return "\(severity.rawValue) \(code.rawValue)\(times): \(text) \(advice)"
    }
}
