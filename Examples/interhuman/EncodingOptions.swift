import ArgumentParser
import Interhuman

/// How media is encoded and divided into messages.
struct EncodingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the tracks are wrapped in: webm, fmp4, mp4 or mpegts. Without it: INTERHUMAN_CONTAINER, or webm.",
            valueName: "container"),
        completion: .list(SegmentContainer.allCases.map(\.rawValue)))
    var container: String?

    @Option(
        help: "How segments become messages: continuous, prefixed or selfContained.",
        completion: .list(["continuous", "prefixed", "selfContained"]))
    var framing = "continuous"

    @Option(
        help: "vp9, vp8, h264 or av1. Without it: the container's usual one, VP9 or H.264.",
        completion: .list(["vp9", "vp8", "h264", "av1"]))
    var videoCodec: String?

    @Option(
        help: "opus or aac. Without it: the container's usual one.", completion: .list(["opus", "aac"]))
    var audioCodec: String?

    @Option(
        help: "How much CPU to spend on pictures: fast, balanced or fine.",
        completion: .list(["fast", "balanced", "fine"]))
    var preset = "balanced"

    @Option(help: ArgumentHelp("Bits of video a second.", valueName: "rate"))
    var bitRate: Int?

    @Option(help: ArgumentHelp("Length of a segment, 1 to 10.", valueName: "seconds"))
    var segment: Double?

    @Option(help: ArgumentHelp("Turn pictures to the right by 0, 90, 180 or 270.", valueName: "degrees"))
    var rotate = 0

    @Flag(help: "Exchange left and right.")
    var mirror = false

    func validate() throws {
        if container == nil {
            let known = SegmentContainer.allCases.map(\.rawValue)
            _ = try SettingVariable.container.value(
                { known.contains($0) ? $0 : nil }, expected: known.joined(separator: ", "))
        }
        guard PictureOrientation.Rotation(rawValue: rotate) != nil else {
            throw ValidationError("--rotate takes 0, 90, 180 or 270, not \(rotate).")
        }
        guard segment.map({ (1...10).contains($0) }) ?? true else {
            throw ValidationError("--segment takes 1 to 10 seconds.")
        }
        do throws(EncodeError) {
            try apply(to: SegmentSettings()).validate()
        } catch {
            throw ValidationError(error.message)
        }
    }

    /// The settings with these options.
    func apply(to settings: SegmentSettings) -> SegmentSettings {
        var settings = settings
        settings.container = SegmentContainer(
            rawValue: container ?? SettingVariable.container.value ?? SegmentContainer.webM.rawValue)
        settings.framing = SegmentFraming(rawValue: framing)
        settings.videoCodec = videoCodec.map(VideoCodec.init(rawValue:))
        settings.audioCodec = audioCodec.map(AudioCodec.init(rawValue:))
        settings.videoPreset = VideoPreset(rawValue: preset)
        if let bitRate { settings.videoBitRate = bitRate }
        if let segment { settings.segmentDuration = .seconds(segment) }
        settings.orientation = PictureOrientation(
            rotation: PictureOrientation.Rotation(rawValue: rotate) ?? .none, isMirrored: mirror)
        return settings
    }

    /// Says what this machine's FFmpeg lacks, before anything is sent.
    static func tellFallbacks(
        _ settings: SegmentSettings, video: (any VideoSource)?, audio: (any AudioSource)?, on console: Console
    ) async throws(EncodeError) {
        let factory = FFmpegSegmentEncoderFactory(settings: settings)
        for fallback in try factory.fallbacks(hasVideo: video != nil, hasAudio: audio != nil) {
            await console.tell("note        \(fallback)")
        }
    }
}
