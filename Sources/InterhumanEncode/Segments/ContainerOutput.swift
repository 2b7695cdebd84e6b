import CInterhumanFFmpeg
import InterhumanCore

/// One container file or stream in the making.
///
/// Times are given as they shall be decoded: milliseconds for pictures, samples for sound, both from the container's
/// zero. What the container wants them to be is decided here.
final class ContainerOutput {
    /// What the bytes are for.
    enum Purpose {
        /// A file of its own, which may be gone back in.
        case file
        /// The beginning of a stream.
        case stream
        /// A stream whose beginning lies in another container.
        case continuation
    }

    private let container: SegmentContainer
    private let output: OutputContext
    private let videoTrack: Int?
    private let audioTrack: Int?
    /// Samples by which Matroska's blocks are late, which is what the decoder skips at the start; 0 elsewhere.
    private let blockDelay: Int64
    /// EBML header to Tracks, or `ftyp` and `moov`. A fragmented MP4 has it with its first `flush`, a file that may be
    /// gone back in never apart.
    private(set) var header: [UInt8]
    private var isHeaderComplete: Bool

    /// Whether the last sound packet before a `flush` comes with the bytes after it (F5).
    var holdsBackAudio: Bool { container == .webM }

    /// Whether pictures need their exact durations.
    var needsDurations: Bool { container == .fragmentedMP4 || container == .mp4 }

    /// Begins a container for the given tracks.
    init(
        _ container: SegmentContainer, video: CodecParameters?, audio: CodecParameters?, purpose: Purpose
    ) throws(EncodeError) {
        self.container = container
        let muxer = container.muxer(for: purpose)
        let output = try OutputContext(container: muxer.name, isSeekable: muxer.isSeekable)
        output.maximumDelay = ContainerOutput.transportDelay
        videoTrack = try video.map { video throws(EncodeError) in
            try output.addTrack(video, timeBase: Self.milliseconds)
        }
        audioTrack = try audio.map { audio throws(EncodeError) in
            try output.addTrack(audio, timeBase: Self.samples)
        }
        self.output = output
        blockDelay = container == .webM ? Int64(audio?.skippedSampleCount ?? 0) : 0
        header = try output.writeHeader(muxer.options)
        isHeaderComplete = container != .fragmentedMP4
        if container == .mpegTS { header = [] }
    }

    /// A transport stream's clock runs so much earlier than its pictures, and its times begin at twice that, in
    /// microseconds: there are no negative times for the codec's delay.
    private static let transportDelay: Int32 = 100_000

    /// From libavformat 59.30.101 on the Matroska muxer adds the codec's delay to audio times by itself, so that a
    /// first block with a negative time comes to lie at 0; before that blocks have the times that are given (F1).
    private static let muxerShiftsAudio = avformat_version() >= (59 << 16 | 30 << 8 | 101)

    /// Writes a picture; both times are in milliseconds.
    func writePicture(_ packet: MediaPacket, at time: Int64, duration: Int64) throws(EncodeError) {
        guard let videoTrack else { return }
        let base = output.timeBase(ofTrack: videoTrack)
        packet.pointer.pointee.duration = av_rescale_q(duration, Self.milliseconds, base)
        try write(packet, track: videoTrack, stamp: av_rescale_q(time, Self.milliseconds, base), in: base)
    }

    /// Writes sound whose first decoded sample is `firstSample`; both are in samples.
    func writeSound(_ packet: MediaPacket, from firstSample: Int64, duration: Int64) throws(EncodeError) {
        guard let audioTrack else { return }
        let base = output.timeBase(ofTrack: audioTrack)
        packet.pointer.pointee.duration = av_rescale_q(duration, Self.samples, base)
        var stamp = av_rescale_q(firstSample + blockDelay, Self.samples, base)
        // Rounded by itself, as the muxer does, so that what comes out is what was meant.
        if Self.muxerShiftsAudio { stamp -= av_rescale_q(blockDelay, Self.samples, base) }
        try write(packet, track: audioTrack, stamp: stamp, in: base)
    }

    private static let milliseconds = AVRational(num: 1, den: 1000)
    private static let samples = AVRational(num: 1, den: Int32(AudioTrackEncoder.sampleRate))

    private func write(
        _ packet: MediaPacket, track: Int, stamp: Int64, in base: AVRational
    ) throws(EncodeError) {
        packet.pointer.pointee.pts = stamp
        packet.pointer.pointee.dts = stamp
        packet.pointer.pointee.time_base = base
        try output.write(packet, track: track)
    }

    /// Closes the cluster or fragment in progress and gives the bytes since the last time, without the header.
    func flush() throws(EncodeError) -> [UInt8] {
        let bytes = try output.flush()
        // The muxer would move the next fragment to where it guesses that this one ends.
        if container == .fragmentedMP4 { try output.set("movflags", to: "+frag_discont") }
        guard !isHeaderComplete else { return bytes }
        isHeaderComplete = true
        let length = MP4Boxes.headerLength(bytes)
        header += bytes[..<length]
        // The first flush gives the index alone that waited for it, the second the fragment.
        return length == bytes.count ? try output.flush() : Array(bytes[length...])
    }

    /// Ends the file or stream and gives the bytes since the last time, without the header where that is apart.
    func finish() throws(EncodeError) -> [UInt8] {
        guard container == .fragmentedMP4 else { return try output.finish() }
        // The trailer would put a second, empty fragment behind the one in progress.
        return try flush() + output.finish()
    }
}

extension SegmentContainer {
    /// FFmpeg's muxer, and how it is told what the bytes are for.
    fileprivate func muxer(
        for purpose: ContainerOutput.Purpose
    ) -> (name: String, isSeekable: Bool, options: [(name: String, value: String)]) {
        switch self {
        case .fragmentedMP4:
            // The index waits for the first fragment, since only then the edit list can say what to skip (F11).
            let flags = "+frag_custom+empty_moov+default_base_moof+delay_moov+skip_trailer"
            let more = purpose == .continuation ? "+frag_discont" : ""
            return ("mp4", false, [("movflags", flags + more)])
        case .mp4:
            return ("mp4", true, [])
        case .mpegTS:
            // Each segment counts its packets anew; the flag says that this is no loss.
            return ("mpegts", false, [("mpegts_flags", "+initial_discontinuity")])
        default:
            // Clusters are to begin at keyframes alone; blocks are within 16 bits of milliseconds of their start (F3).
            let options = [
                (name: "live", value: purpose == .file ? "0" : "1"), ("cluster_time_limit", "32000"),
                ("cluster_size_limit", "\(Int32.max)"),
            ]
            return ("webm", purpose == .file, options)
        }
    }
}
