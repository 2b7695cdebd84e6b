public import InterhumanCapture
public import InterhumanCore
public import InterhumanEncode
public import InterhumanSession
public import InterhumanTransport
public import Logging

extension StreamSession {
    /// Creates a session over the live layers: FFmpeg makes the segments, OpenSSL and SwiftNIO carry them.
    ///
    /// ```swift
    /// let session = StreamSession.live(
    ///     configuration: StreamSession.Configuration(
    ///         credentials: EnvironmentCredential(), endpoint: try ServiceEndpoint(version: .v1)),
    ///     video: file.video, audio: file.audio)
    /// for try await event in try await session.start() {
    ///     print(event)
    /// }
    /// ```
    ///
    /// A live source that gives nothing for a while costs no connection and no track: its gap is filled with the last
    /// picture or with silence, and told (`SessionEvent.Kind.sourceLost(_:reason:)`, `sourceReturned`).
    ///
    /// - Parameters:
    ///   - configuration: Credential, endpoint, what to ask of the service.
    ///   - video: Where pictures come from; nil for none.
    ///   - audio: Where sound comes from; nil for none.
    ///   - media: Picture size, bit rates, segment length and framing.
    ///   - tls: Whom to trust beyond what the system trusts, pins, client certificate.
    ///   - filling: When a live source counts as missing; nil to fill no gaps. Sources that can wait have none.
    ///   - clock: The clock that the sources stamp their media with.
    ///   - logger: Where session and transport log; secrets never go there.
    public static func live(
        configuration: Configuration, video: (any VideoSource)?, audio: (any AudioSource)?,
        media: SegmentSettings = SegmentSettings(), tls: TLSConfiguration = TLSConfiguration(),
        filling: FillingPolicy? = FillingPolicy(), clock: any MediaClock = SystemClock(),
        logger: Logger = Logger(label: "interhuman")
    ) -> StreamSession {
        var configuration = configuration
        let id = configuration.id ?? Configuration.randomID()
        configuration.id = id
        // The transport's lines belong to the session as well.
        var logger = logger
        logger[metadataKey: "session-id"] = "\(id)"
        var (video, audio) = (video, audio)
        if let filling {
            video = video.map { FilledVideoSource($0, policy: filling, clock: clock) }
            audio = audio.map { FilledAudioSource($0, policy: filling, clock: clock) }
        }
        return StreamSession(
            configuration: configuration, video: video, audio: audio,
            encoderFactory: FFmpegSegmentEncoderFactory(settings: media),
            connector: WebSocketConnector(WebSocketConnectorConfiguration(tls: tls, logger: logger)),
            clock: clock, logger: logger)
    }
}
