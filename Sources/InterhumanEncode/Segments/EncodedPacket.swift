/// A packet on its way from an encoder to the muxer.
struct EncodedPacket {
    /// Which track it belongs to.
    enum Track: Sendable {
        case video
        case audio
    }

    var packet: MediaPacket
    let track: Track
    /// Its place among the packets of both tracks, in milliseconds since the epoch.
    let time: Int64
    /// How long it lasts, in milliseconds; 0 when unknown.
    let duration: Int64
    let isKeyframe: Bool
    /// Whether a segment begins with it whatever came before.
    var beginsSegment = false
    /// Sample frames that a decoder gives for it, at the encoder's rate; 0 for video.
    var sampleCount = 0
    /// The sample, since the epoch, with which a decoder's output for it begins; the codec's delay makes the first one
    /// negative. 0 for video.
    var firstSample: Int64 = 0
    /// Sample frames that the packet holds, what is skipped at a track's start included; 0 for video.
    var heldSampleCount: Int64 = 0
    /// What the encoder that made it makes; nil for audio, which has one encoder.
    var parameters: CodecParameters?
}
