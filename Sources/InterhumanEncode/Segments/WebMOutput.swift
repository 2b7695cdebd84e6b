import CInterhumanFFmpeg
import InterhumanCore

/// One WebM file or stream in the making.
struct WebMOutput {
    private let output: OutputContext
    private let videoTrack: Int?
    private let audioTrack: Int?
    /// What is taken from audio times, in milliseconds.
    private let audioShift: Int64
    /// EBML header to Tracks; for a file that may still be changed these bytes come with `finish()`.
    let header: [UInt8]

    /// Writes the header for the given encoders.
    ///
    /// - Parameter isLive: A stream without duration and index. Otherwise a file that gets both.
    init(video: CodecContext?, audio: CodecContext?, isLive: Bool) throws(EncodeError) {
        let output = try OutputContext(container: "webm", isSeekable: !isLive)
        let milliseconds = AVRational(num: 1, den: 1000)
        videoTrack = try video.map { encoder throws(EncodeError) in
            try output.addTrack(for: encoder, timeBase: milliseconds)
        }
        audioTrack = try audio.map { encoder throws(EncodeError) in
            try output.addTrack(for: encoder, timeBase: milliseconds)
        }
        // Clusters are to begin at keyframes alone; blocks are within 16 bits of milliseconds of their start (F3).
        let header = try output.writeHeader([
            ("live", isLive ? "1" : "0"), ("cluster_time_limit", "32000"), ("cluster_size_limit", "\(Int32.max)"),
        ])
        self.header = header
        self.output = output
        audioShift = audio.map(Self.audioShift) ?? 0
    }

    /// From libavformat 59.30.101 on the Matroska muxer adds the codec's delay to audio times by itself, so that a
    /// first block with a negative time comes to lie at 0; before that blocks have the times that are given (F1).
    private static func audioShift(for audio: CodecContext) -> Int64 {
        let firstWithShift: UInt32 = 59 << 16 | 30 << 8 | 101
        guard avformat_version() >= firstWithShift else { return 0 }
        return av_rescale_q(
            Int64(audio.pointer.pointee.initial_padding),
            AVRational(num: 1, den: audio.pointer.pointee.sample_rate), AVRational(num: 1, den: 1000))
    }

    /// Writes a packet whose block begins at `time`; both times are in milliseconds.
    func write(
        _ packet: MediaPacket, track: EncodedPacket.Track, time: Int64, duration: Int64
    ) throws(EncodeError) {
        guard let index = track == .video ? videoTrack : audioTrack else { return }
        let stamp = track == .audio ? time - audioShift : time
        packet.pointer.pointee.pts = stamp
        packet.pointer.pointee.dts = stamp
        packet.pointer.pointee.duration = duration
        packet.pointer.pointee.time_base = AVRational(num: 1, den: 1000)
        try output.write(packet, track: index)
    }

    /// Closes the cluster in progress and gives the bytes since the last time.
    func flush() throws(EncodeError) -> [UInt8] {
        try output.flush()
    }

    /// Ends the file or stream and gives the bytes since the last time.
    func finish() throws(EncodeError) -> [UInt8] {
        try output.finish()
    }
}
