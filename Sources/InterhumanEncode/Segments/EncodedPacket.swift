/// A packet on its way from an encoder to the muxer.
struct EncodedPacket {
    /// Which track it belongs to.
    enum Track: Sendable {
        case video
        case audio
    }

    let packet: MediaPacket
    let track: Track
    /// When the block begins on the container's timeline, in milliseconds.
    let time: Int64
    /// How long it lasts, in milliseconds; 0 when unknown.
    let duration: Int64
    let isKeyframe: Bool
    /// Sample frames that a decoder gives for it, at the encoder's rate; 0 for video.
    let sampleCount: Int
}
