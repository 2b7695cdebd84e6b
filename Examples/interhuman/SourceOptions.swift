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

    @Flag(help: "Send silence where the file has no sound.")
    var silence = false

    func validate() throws {
        guard (input != nil) != synthetic else {
            throw ValidationError("Give either --input FILE or --synthetic.")
        }
        guard input != nil || (!loop && !silence) else {
            throw ValidationError("--loop and --silence go with --input.")
        }
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

    private func noTrack(_ track: String, in path: String, _ advice: String) -> CaptureError {
        CaptureError(.noSuchTrack, operation: "open \(path)", message: "The file has no \(track). \(advice)")
    }
}
