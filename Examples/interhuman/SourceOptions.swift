import ArgumentParser
import Interhuman

/// Where media comes from.
struct SourceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A media file: anything that FFmpeg decodes.", valueName: "file"), completion: .file())
    var input: String?

    @Flag(help: "A moving test picture and a voice-like tone.")
    var synthetic = false

    @Flag(help: "Play the file again and again.")
    var loop = false

    @Flag(help: "Send as fast as the service takes it instead of in real time.")
    var unpaced = false

    @Option(
        help: ArgumentHelp(
            "The camera's id, path or name, as 'interhuman devices' lists them. Without any source: the camera that "
                + "INTERHUMAN_CAMERA names, or the first one.",
            valueName: "camera"),
        completion: .custom(DeviceCompletion.cameras))
    var camera: String?

    @Option(
        help: ArgumentHelp(
            "The microphone's id or name, as 'interhuman devices' lists them. Without one: the microphone that "
                + "INTERHUMAN_MICROPHONE names, or the default one.",
            valueName: "microphone"),
        completion: .custom(DeviceCompletion.microphones))
    var microphone: String?

    @Option(
        help: ArgumentHelp("Picture size to ask the camera for and to send.", valueName: "width x height"),
        transform: PictureSize.init(argument:))
    var size: PictureSize?

    @Option(help: ArgumentHelp("Frames a second to ask the camera for.", valueName: "rate"))
    var fps: Double?

    @Flag(help: "Send silence where the file has no sound, or instead of the microphone's.")
    var silence = false

    @Flag(help: "Send no sound. On v2, which needs both tracks, silence goes in its place.")
    var noAudio = false

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
        guard !noAudio || (!silence && microphone == nil) else {
            throw ValidationError("--no-audio excludes --microphone and --silence.")
        }
        guard !unpaced || !usesDevices else { throw ValidationError("A camera has its own pace: no --unpaced.") }
        guard fps.map({ (1...120).contains($0) }) ?? true else {
            throw ValidationError("--fps takes a number from 1 to 120.")
        }
    }

    /// How large and fast the picture may be that is sent.
    var segmentSettings: SegmentSettings {
        var settings = SegmentSettings()
        if let size {
            (settings.maximumWidth, settings.maximumHeight) = (size.width, size.height)
        }
        if let fps { settings.maximumFrameRate = max(fps, settings.maximumFrameRate) }
        return settings
    }

    /// Opens the sources.
    ///
    /// - Parameters:
    ///   - limit: How much media to take; nil for all.
    ///   - needsBothTracks: Whether the service takes no picture without sound.
    ///   - console: Where people are told what becomes of the devices.
    func open(
        limit: Duration?, needsBothTracks: Bool, telling console: Console
    ) async throws(CaptureError) -> (video: (any VideoSource)?, audio: (any AudioSource)?) {
        var (video, audio) = try await openUnlimited(limit: limit, needsBothTracks: needsBothTracks, console)
        if let limit = limit.map(MediaLimit.init) {
            video = video.map { LimitedVideoSource($0, limit: limit) }
            audio = audio.map { LimitedAudioSource($0, limit: limit) }
        }
        return (video, audio)
    }

    private var pacing: SourcePacing { unpaced ? .asFastAsPulled : .realTime }

    private func openUnlimited(
        limit: Duration?, needsBothTracks: Bool, _ console: Console
    ) async throws(CaptureError) -> (video: (any VideoSource)?, audio: (any AudioSource)?) {
        if let input { return try await openFile(input, limit: limit, needsBothTracks: needsBothTracks) }
        let video = usesDevices ? openCamera(telling: console) : TestPatternVideoSource(pacing: pacing)
        guard !noAudio else { return (video, needsBothTracks ? SilentAudioSource(pacing: pacing) : nil) }
        guard usesDevices else { return (video, VoiceLikeAudioSource(pacing: pacing)) }
        return (video, silence ? SilentAudioSource() : openMicrophone(telling: console))
    }

    private func openFile(
        _ path: String, limit: Duration?, needsBothTracks: Bool
    ) async throws(CaptureError) -> (video: (any VideoSource)?, audio: (any AudioSource)?) {
        let file = try await MediaFile.open(
            path: path,
            options: MediaFile.Options(pacing: unpaced ? .unpaced : .realTime, playCount: loop ? nil : 1))
        guard let video = file.video else { throw noTrack("picture", in: path, "Choose a file with video.") }
        if let audio = file.audio, !noAudio { return (video, audio) }
        if noAudio, !needsBothTracks { return (video, nil) }
        guard silence || noAudio else {
            throw noTrack(
                "sound", in: path, "Give --silence to send silence instead, or --no-audio where the service takes that."
            )
        }
        guard let length = loop ? limit : limit ?? file.duration else {
            throw noTrack("sound", in: path, "Its length is unknown, so that silence needs a --duration.")
        }
        return (video, SilentAudioSource(duration: length, pacing: pacing))
    }

    /// The camera is asked for what is sent, so that nothing is captured and decoded in vain. Unplugged, it may come
    /// back; its last picture goes on so long.
    private func openCamera(telling console: Console) -> any VideoSource {
        var configuration = CameraConfiguration()
        let settings = segmentSettings
        (configuration.width, configuration.height) = (settings.maximumWidth, settings.maximumHeight)
        if let fps { configuration.frameRate = fps }
        configuration.whenLost = .wait(atMost: .seconds(60))
        let source = CameraSource(camera ?? SettingVariable.camera.value, configuration: configuration)
        DeviceReport(console: console).follow(source)
        return FilledVideoSource(source)
    }

    /// A microphone that fails for good becomes silence: the pictures are worth going on for.
    private func openMicrophone(telling console: Console) -> any AudioSource {
        var policy = FillingPolicy()
        policy.outlastsFailure = true
        let source = MicrophoneSource(microphone ?? SettingVariable.microphone.value)
        let filled = FilledAudioSource(source, policy: policy)
        DeviceReport(console: console).follow(source, filledBy: filled)
        return filled
    }

    /// What to add to an error: which variable named a device that isn't there.
    func note(on error: any Error) -> String {
        let capture: CaptureError? =
            if case .capture(let error) = (error as? SessionError)?.cause { error } else { error as? CaptureError }
        guard usesDevices, capture?.code == .notFound else { return "" }
        let named = [(camera, SettingVariable.camera), (microphone, .microphone)].compactMap { option, variable in
            option == nil ? variable.value.map { (variable, $0) } : nil
        }
        guard let (variable, value) = named.first(where: { capture?.description.contains($0.1) ?? false }) else {
            return ""
        }
        return "\nThe environment variable \(variable.rawValue) names it: '\(value)'."
    }

    private func noTrack(_ track: String, in path: String, _ advice: String) -> CaptureError {
        CaptureError(.noSuchTrack, operation: "open \(path)", message: "The file has no \(track). \(advice)")
    }
}
