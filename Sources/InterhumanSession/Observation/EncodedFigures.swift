import InterhumanCore

/// What the newest segment tells of capturing and encoding.
struct EncodedFigures: Sendable {
    /// Video frames a second that the source gave since the segment before.
    private(set) var capturedFrameRate: Double?
    /// Video frames a second in the segment.
    private(set) var frameRate: Double?
    /// Time that the encoder took for it, where it says.
    private(set) var encodingTime: Duration?
    private var last: (frames: Int, time: MediaTime)?

    mutating func take(_ segment: MediaSegment, framesCaptured: Int, at now: MediaTime) {
        encodingTime = segment.statistics?.encodingTime
        let seconds = segment.timeRange.duration.inSeconds
        if seconds > 0 { frameRate = Double(segment.videoFrameCount) / seconds }
        if let last, case let elapsed = (now - last.time).inSeconds, elapsed > 0 {
            capturedFrameRate = Double(framesCaptured - last.frames) / elapsed
        }
        last = (framesCaptured, now)
    }
}
