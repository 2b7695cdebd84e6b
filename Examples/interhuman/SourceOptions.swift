import ArgumentParser
import Interhuman

/// Where media comes from.
struct SourceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A media file: anything that FFmpeg decodes.", valueName: "file"))
    var input: String?

    @Flag(help: "A moving test picture and a voice-like tone.")
    var synthetic = false

    @Flag(help: "Play the file again and again.")
    var loop = false

    @Flag(help: "Send as fast as the service takes it instead of in real time.")
    var unpaced = false

    @Option(
        help: ArgumentHelp(
            "The camera's id, path or name, as 'interhuman devices' lists them. Without any source: the first camera.",
            valueName: "camera"))
    var camera: String?

    @Option(
        help: ArgumentHelp(
            "The microphone's id or name, as 'interhuman devices' lists them. Without one: the default microphone.",
            valueName: "microphone"))
    var microphone: String?

    @Option(
        help: ArgumentHelp("Picture size to ask the camera for and to send.", valueName: "width x height"),
        transform: PictureSize.init(argument:))
    var size: PictureSize?

    @Option(help: ArgumentHelp("Frames a second to ask the camera for.", valueName: "rate"))
    var fps: Double?

    @Flag(help: "Send silence where the file has no sound, or instead of the microphone's.")
    var silence = false

    private var usesDevices: Bool { input == nil && !synthetic }

    func validate() throws {
        guard input == nil || !synthetic else {
            throw ValidationError("--input and --synthetic exclude each other.")
        }
        guard usesDevices || [camera, microphone].allSatisfy({ $0 == nil }) && size == nil && fps == nil else {
            throw ValidationError("--camera, --microphone, --size and --fps go with a camera as the source.")
        }
        guard input != nil || !loop else { throw ValidationError("--loop goes with --input.") }
        guard !silence || (!synthetic && microphone == nil) else {
            throw ValidationError("--silence goes with --input, or with a camera without --microphone.")
        }
        guard !unpaced || !usesDevices else { throw ValidationError("A camera has its own pace: no --unpaced.") }
        guard fps.map({ (1...240).contains($0) }) ?? true else {
            throw ValidationError("--fps takes a number from 1 to 240.")
        }
    }

    /// How large the picture may be that is sent.
    var segmentSettings: SegmentSettings {
        var settings = SegmentSettings()
        if let size {
            (settings.maximumWidth, settings.maximumHeight) = (size.width, size.height)
        }
        return settings
    }

    /// Opens the sources.
    ///
    /// - Parameter limit: How much media to take; nil for all.
    func open(limit: Duration?) async throws(CaptureError) -> (video: (any VideoSource)?, audio: (any AudioSource)?) {
        var (video, audio) = try await openUnlimited(limit: limit)
        if let limit {
            video = video.map { LimitedVideoSource($0, limit: limit) }
            audio = audio.map { LimitedAudioSource($0, limit: limit) }
        }
        return (video, audio)
    }

    private func openUnlimited(
        limit: Duration?
    ) async throws(CaptureError) -> (video: (any VideoSource)?, audio: (any AudioSource)?) {
        let pacing: SourcePacing = unpaced ? .asFastAsPulled : .realTime
        if usesDevices { return (cameraSource(), silence ? SilentAudioSource() : MicrophoneSource(microphone)) }
        guard let input else {
            return (TestPatternVideoSource(pacing: pacing), VoiceLikeAudioSource(pacing: pacing))
        }
        let file = try await MediaFile.open(
            path: input,
            options: MediaFile.Options(pacing: unpaced ? .unpaced : .realTime, playCount: loop ? nil : 1))
        guard let video = file.video else { throw noTrack("picture", in: input, "Choose a file with video.") }
        if let audio = file.audio { return (video, audio) }
        guard silence else {
            throw noTrack("sound", in: input, "The service needs both. Give --silence to send silence instead.")
        }
        guard let length = loop ? limit : limit ?? file.duration else {
            throw noTrack("sound", in: input, "Its length is unknown, so that silence needs a --duration.")
        }
        return (video, SilentAudioSource(duration: length, pacing: pacing))
    }

    private func cameraSource() -> CameraSource {
        var configuration = CameraConfiguration()
        if let size {
            (configuration.width, configuration.height) = (size.width, size.height)
        }
        if let fps { configuration.frameRate = fps }
        return CameraSource(camera, configuration: configuration)
    }

    private func noTrack(_ track: String, in path: String, _ advice: String) -> CaptureError {
        CaptureError(.noSuchTrack, operation: "open \(path)", message: "The file has no \(track). \(advice)")
    }
}
