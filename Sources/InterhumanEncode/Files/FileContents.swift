import CInterhumanFFmpeg
import InterhumanCore

/// What a file holds, as far as its headers say.
struct FileContents: Sendable {
    var description: String
    var duration: Duration?
    var video: Video?
    var audio: Audio?

    struct Video: Sendable {
        var description: String
        var format: VideoFormat
        var frameRate: Double
    }

    struct Audio: Sendable {
        var description: String
        var format: AudioFormat
    }

    /// Describes an open file.
    init(path: String, context: InputContext, video: StreamInformation.Video?, audio: StreamInformation.Audio?) {
        let container = context.pointer.pointee.iformat.pointee.name.map { String(cString: $0) } ?? "unknown"
        let length = context.pointer.pointee.duration
        duration = length > 0 && length != ih_nopts ? .microseconds(length) : nil
        self.video = video.flatMap { Self.video($0, context.firstStream(AVMEDIA_TYPE_VIDEO), context) }
        self.audio = audio.map { track in
            Audio(
                description: "\(track.codec), \(track.channelCount) channels at \(track.sampleRate) Hz",
                format: AudioFormat(sampleRate: track.sampleRate, channelCount: track.channelCount))
        }
        let tracks = [self.video?.description, self.audio?.description].compactMap(\.self).joined(separator: "; ")
        description = "\(path) (\(container)): \(tracks)"
    }

    private static func video(
        _ track: StreamInformation.Video, _ stream: UnsafeMutablePointer<AVStream>?, _ context: InputContext
    ) -> Video? {
        guard let stream, let parameters = stream.pointee.codecpar else { return nil }
        let rate = av_guess_frame_rate(context.pointer, stream, nil)
        let frameRate = rate.den > 0 && rate.num > 0 ? av_q2d(rate) : 30
        let format = DecodedFrameStorage.format(
            width: track.width, height: track.height, pixelFormat: AVPixelFormat(rawValue: parameters.pointee.format),
            range: parameters.pointee.color_range, matrix: parameters.pointee.color_space)
        let rounded = (frameRate * 100).rounded() / 100
        return Video(
            description: "\(track.codec) \(track.width)x\(track.height) at \(rounded) frames a second", format: format,
            frameRate: frameRate)
    }
}
