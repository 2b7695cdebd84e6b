public import InterhumanCore

/// A media file as a source: any file that FFmpeg decodes, its first video and its first audio track.
///
/// Both tracks come from one reader and share one clock: capture times are the instant of the first `start()` plus
/// the time in the file. Nothing is decoded before it is asked for; undecoded packets of a track that is read later
/// than the other are kept, up to 30 s or 64 MiB. Beyond that a track that was never started loses its oldest
/// packets, and one that was started makes the other wait until it is read or stopped.
///
/// Rotation and mirroring that a file asks for are ignored. Only local files are opened, also by playlists.
public final class MediaFile: Sendable {
    /// The video track; nil when the file has none.
    public let video: (any VideoSource)?
    /// The audio track; nil when the file has none.
    public let audio: (any AudioSource)?
    /// Container, codecs and sizes, for people.
    public let description: String
    /// How long the file says it lasts; nil when it does not say.
    public let duration: Duration?

    /// How a file is played.
    public struct Options: Sendable, Hashable {
        /// When frames and chunks are given.
        public var pacing: Pacing
        /// How often the file is played; nil for ever. The times go on from turn to turn. Default 1.
        public var playCount: Int?

        /// Creates options.
        public init(pacing: Pacing = .realTime, playCount: Int? = 1) {
            self.pacing = pacing
            self.playCount = playCount
        }
    }

    /// When frames and chunks are given.
    public enum Pacing: Sendable, Hashable {
        /// As a camera and a microphone would: frames at their capture time, chunks at the end of theirs.
        case realTime
        /// As fast as they are taken. Capture times are the same.
        case unpaced
    }

    private init(video: (any VideoSource)?, audio: (any AudioSource)?, description: String, duration: Duration?) {
        self.video = video
        self.audio = audio
        self.description = description
        self.duration = duration
    }

    /// Opens a file and reads what it holds.
    ///
    /// - Parameters:
    ///   - path: Path of a local file.
    ///   - options: How it is played.
    ///   - clock: Gives the base of capture times and paces.
    /// - Throws: `CaptureError`: `notFound`, `permissionDenied`, `undecodable` for a file without anything that can
    ///   be decoded, `unsupported` for options that make no sense, `system` for other failures of reading.
    public static func open(
        path: String, options: Options = .init(), clock: any MediaClock = SystemClock()
    ) async throws(CaptureError) -> MediaFile {
        guard options.playCount.map({ $0 > 0 }) ?? true else {
            throw CaptureError(
                .unsupported, operation: "open \(path)", message: "A file is played at least once. Give 1 or more.")
        }
        let reader = MediaFileReader(path: path, options: options, clock: clock)
        let contents = try await reader.open()
        return MediaFile(
            video: contents.video.map { FileVideoSource(reader: reader, track: $0, pacing: options.pacing) },
            audio: contents.audio.map { FileAudioSource(reader: reader, track: $0, pacing: options.pacing) },
            description: contents.description, duration: contents.duration)
    }
}
