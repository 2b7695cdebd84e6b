import CInterhumanFFmpeg
import InterhumanCore

/// Demuxes and decodes one container stream, on the decoder's thread.
final class StreamDecoding {
    let information: StreamInformation
    private let demuxer: InputContext
    private let video: VideoTrackDecoder?
    private let audio: AudioTrackDecoder?
    private let packet: MediaPacket
    private let limits: MediaStreamDecoder.Limits
    private let input: StreamInput
    private let wholeFileByteCount: Int
    private var isDrained = false

    /// What the read callback knows.
    private final class Reading {
        var isStart = true
        var isAtEnd = false
        var wholeFileByteCount = 0
        var demuxer: UnsafeRawPointer?
    }

    /// Reads the header; blocks until it is there.
    init(kind: ContainerKind, input: StreamInput, limits: MediaStreamDecoder.Limits) throws(EncodeError) {
        self.limits = limits
        self.input = input
        packet = try MediaPacket()
        _ = FFmpegLog.takeLines()  // A thread that is gone may have had the same name.
        let reading = Reading()
        let io = try Self.makeIO(kind: kind, input: input, reading: reading)
        do throws(EncodeError) {
            demuxer = try InputContext.open(io: io, demuxer: kind.demuxer, trackCount: limits.trackCount)
        } catch {
            throw Self.malformed("read the header of the media stream", error.underlying)
        }
        reading.demuxer = UnsafeRawPointer(demuxer.pointer)
        wholeFileByteCount = reading.wholeFileByteCount
        let videoStream = demuxer.firstStream(AVMEDIA_TYPE_VIDEO)
        let audioStream = demuxer.firstStream(AVMEDIA_TYPE_AUDIO)
        guard videoStream != nil || audioStream != nil else {
            throw Self.malformed("read the header of the media stream", "no video and no audio track")
        }
        for stream in demuxer.streams where stream != videoStream && stream != audioStream {
            stream.pointee.discard = AVDISCARD_ALL
        }
        video = try videoStream.map { stream throws(EncodeError) in
            try VideoTrackDecoder(stream: stream, pixelCount: limits.pixelCount)
        }
        audio = try audioStream.map { stream throws(EncodeError) in
            try AudioTrackDecoder(
                stream: stream, channelCount: limits.channelCount, sampleRate: limits.sampleRate)
        }
        information = StreamInformation(
            container: kind.name, video: video?.information, audio: audio?.information)
    }

    deinit {
        if wholeFileByteCount > 0 { input.release(byteCount: wholeFileByteCount) }
    }

    private static func makeIO(
        kind: ContainerKind, input: StreamInput, reading: Reading
    ) throws(EncodeError) -> ReadingIO {
        if kind == .mp4, let file = input.takeWholeFile() {
            reading.wholeFileByteCount = file.count
            return try ReadingIO(bytes: file)
        }
        return try ReadingIO(bufferByteCount: 16 << 10) { buffer in
            // A stream that breaks off is no nonsense, though the demuxer complains of it.
            if reading.isAtEnd { return 0 }
            // A demuxer that met nonsense looks for the next thing that it knows, for ever if need be. Stop it.
            if let demuxer = reading.demuxer, FFmpegLog.hasLines(of: demuxer) { return nil }
            let count = input.read(into: buffer, isStreamStart: reading.isStart)
            reading.isStart = false
            reading.isAtEnd = count == 0
            return count
        }
    }

    /// The media of the next packet; nil after the last. Blocks until the packet is there.
    func next() throws(EncodeError) -> [DecodedMedia]? {
        guard !isDrained else { return nil }
        packet.reset()
        let status = demuxer.read(packet)
        if status == ih_averror_eof {
            isDrained = true
            return try drain()
        }
        guard status >= 0 else {
            throw Self.malformed("read the media stream", FFmpegStatus.text(status))
        }
        do throws(EncodeError) {
            return try decode()
        } catch {
            // Whatever a decoder fails with, the bytes are the reason.
            throw error.code == .library ? Self.malformed(error.operation, error.underlying) : error
        }
    }

    private func decode() throws(EncodeError) -> [DecodedMedia] {
        let index = packet.streamIndex
        if let video, index == video.streamIndex {
            return try video.decode(packet).map { .video($0.frame, isKeyframe: $0.isKeyframe) }
        }
        if let audio, index == audio.streamIndex {
            return try audio.decode(packet).map { .audio($0) }
        }
        return []
    }

    private func drain() throws(EncodeError) -> [DecodedMedia] {
        var media: [DecodedMedia] = []
        if let video { media += try video.decode(nil).map { .video($0.frame, isKeyframe: $0.isKeyframe) } }
        if let audio { media += try audio.decode(nil).map { .audio($0) } }
        return media
    }

    private static func malformed(_ operation: String, _ underlying: String?) -> EncodeError {
        EncodeError(
            .malformedMedia, operation: operation,
            message: "The bytes are not the media they should be. Begin again with a fresh header and a keyframe.",
            underlying: underlying)
    }
}
