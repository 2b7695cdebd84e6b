/// Decides where segments begin: at multiples of the segment duration on the container's timeline.
///
/// A segment begins with the first video keyframe at or past the next line, or with an audio packet where there is no
/// video to wait for.
struct SegmentGrid {
    /// Length of a segment in milliseconds.
    private let interval: Int64
    private var nextLine: Int64

    /// Creates a grid; `interval` is in milliseconds.
    init(interval: Int64) {
        self.interval = interval
        nextLine = interval
    }

    /// Whether a segment begins with the packet that is about to be written.
    mutating func begins(with packet: EncodedPacket, mayBeginWithAudio: Bool) -> Bool {
        guard packet.time >= nextLine else { return false }
        switch packet.track {
        case .video:
            guard packet.isKeyframe else { return false }
        case .audio:
            // The short packet at the end of a track, mostly the codec's delay, is not worth a segment.
            guard mayBeginWithAudio, packet.sampleCount >= AudioTrackEncoder.frameCount else { return false }
        }
        nextLine = (packet.time / interval + 1) * interval
        return true
    }
}
