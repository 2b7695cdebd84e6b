import ArgumentParser
import Interhuman
import Logging
import SessionReport

/// `interhuman stream`.
struct StreamCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stream",
        abstract: "Streams media to the service and prints the events that come back.",
        discussion: """
            Without --input and --synthetic it streams the first camera and the default microphone.

            The API key comes from INTERHUMAN_API_KEY. Ctrl-C ends the session in order, a second one at once.
            """)

    @OptionGroup var source: SourceOptions
    @OptionGroup var service: ServiceOptions

    @OptionGroup var encoding: EncodingOptions

    @Option(help: ArgumentHelp("End after so much media.", valueName: "seconds"), transform: Duration.init(argument:))
    var duration: Duration?

    @Option(
        help: ArgumentHelp(
            "Keep every message that was sent in this directory, with a manifest, as 'record' does, and every event, for "
                + "'replay'.",
            valueName: "directory"))
    var keep: String?

    @OptionGroup var pages: PageOptions

    @Flag(help: "Print the service's messages verbatim on standard output, one a line; all else on standard error.")
    var json = false

    @Flag(help: "Log what the session and the transport do on standard error. Secrets are redacted.")
    var verbose = false

    func run() async throws {
        let console = Console()
        let interruptions = Interruptions()
        defer { withExtendedLifetime(interruptions) {} }
        do {
            try await stream(on: console, interruptedBy: interruptions)
        } catch let status as ExitCode {
            throw status
        } catch is ClosedOutput {
            throw ExitStatus.closedOutput
        } catch {
            await console.tell("interhuman: \(ExitStatus.text(for: error))")
            throw ExitStatus.of(error)
        }
    }

    private var settings: SegmentSettings { encoding.apply(to: source.segmentSettings) }

    private func stream(on console: Console, interruptedBy interruptions: Interruptions) async throws {
        let configuration = try service.sessionConfiguration()
        let identity = ServiceIdentity(url: "\(configuration.endpoint)", version: service.apiVersion.rawValue)
        let recording = try keep.map { try Recording(directory: $0, container: settings.container) }
        let journal = try keep.map { try EventJournal(directory: $0, service: identity) }
        let sent = SentMedia()
        let shown = try await SessionPages.open(pages, service: identity, media: sent, console: console)
        do {
            var (video, audio) = try await source.open(limit: duration, needsBothTracks: service.apiVersion == .v2)
            try await EncodingOptions.tellFallbacks(settings, video: video, audio: audio, on: console)
            let preview = pages.dashboard == nil ? nil : video.map { VideoTap($0) }
            video = preview ?? video
            let overheard = pages.dashboard == nil ? nil : audio.map { OverheardAudioSource($0) }
            audio = overheard ?? audio
            let session = makeSession(
                configuration, video: video, audio: audio, keeping: recording,
                showing: pages.areWanted ? sent : nil)
            await shown.show(pictures: preview?.preview, sound: overheard, of: session)
            let run = SessionRun(
                session: session, printer: EventPrinter(console: console, printsJSON: json),
                observers: (journal.map { [$0] } ?? []) + shown.observers)
            try await run.run(interruptedBy: interruptions.received)
        } catch {
            await shown.finish(after: error, telling: console)
            throw error
        }
        try await shown.finish()
        await recording?.finish()
        // The session went well; that what was to be kept is not whole has to be said all the same.
        if let failure = await recording?.failure { throw failure }
        if let failure = await journal?.failure { throw failure }
    }

    private func makeSession(
        _ configuration: StreamSession.Configuration, video: (any VideoSource)?, audio: (any AudioSource)?,
        keeping recording: Recording?, showing sent: SentMedia?
    ) -> StreamSession {
        var logger = Logger(label: "interhuman", factory: StreamLogHandler.standardError(label:))
        logger.logLevel = verbose ? .trace : .critical
        // The sources fill their gaps already, each in its way.
        guard recording != nil || sent != nil else {
            return StreamSession.live(
                configuration: configuration, video: video, audio: audio, media: settings,
                tls: service.tlsConfiguration(),
                filling: nil, logger: logger)
        }
        let network = WebSocketConnector(
            WebSocketConnectorConfiguration(tls: service.tlsConfiguration(), logger: logger))
        return StreamSession(
            configuration: configuration, video: video, audio: audio,
            encoderFactory: FFmpegSegmentEncoderFactory(settings: settings),
            connector: KeepingConnector(connector: network, recording: recording, media: sent), logger: logger)
    }
}
