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

            The API key comes from INTERHUMAN_API_KEY. On a terminal a live view shows the session; --view off prints \
            lines instead. Ctrl-C ends the session in order, a second one at once.
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
            valueName: "directory"),
        completion: .directory)
    var keep: String?

    @OptionGroup var pages: PageOptions

    @Flag(help: "Print the service's messages verbatim on standard output, one a line; all else on standard error.")
    var json = false

    @OptionGroup var viewing: ViewOptions

    @Flag(help: "Log what the session and the transport do on standard error. Secrets are redacted.")
    var verbose = false

    func run() async throws {
        try await CommandRun.run(note: source.note) { try await stream($0, $1) }
    }

    private func stream(_ console: Console, _ interruptions: Interruptions) async throws {
        let profile = try viewing.profile(besides: json ? "--json" : verbose ? "--verbose" : nil)
        let configuration = try service.sessionConfiguration()
        let identity = ServiceIdentity(
            url: "\(configuration.endpoint)", version: try service.address.version.rawValue)
        let recording = try keep.map { try Recording(directory: $0, container: settings.container) }
        let journal = try keep.map { try EventJournal(directory: $0, service: identity) }
        let sent = SentMedia()
        var shown = try await SessionPages.open(pages, service: identity, media: sent)
        do {
            var (video, audio) = try await source.open(
                limit: duration, needsBothTracks: service.address.version == .v2, telling: console)
            try await EncodingOptions.tellFallbacks(settings, video: video, audio: audio, on: console)
            let view = profile.flatMap { LiveView(profile: $0, segmentLength: settings.segmentDuration.inSeconds) }
            var companions: [Task<Void, Never>] = []
            defer { for companion in companions { companion.cancel() } }
            if let view {
                await console.lend(to: view)
                companions += view.watch(&video, &audio, turned: settings.orientation)
            }
            await shown.tellAddress(on: console)
            shown.watch(&video, &audio)
            let session = makeSession(
                configuration, video: video, audio: audio, keeping: recording,
                showing: pages.areWanted ? sent : nil)
            if let view { companions += view.attend(session, finish: interruptions.interrupt) }
            await shown.attend(session)
            let observers: [(any SessionObserver)?] = [journal, view] + shown.observers
            try await SessionRun(
                session: session, printer: EventPrinter(console: console, printsJSON: json),
                observers: observers.compactMap(\.self)
            ).run(interruptedBy: interruptions.received)
        } catch {
            // However the session ended, everything that was sent is in the recording.
            await recording?.finish()
            await shown.finish(after: error, telling: console)
            throw error
        }
        await recording?.finish()
        try await shown.finish()
        // The session went well; that what was to be kept is not whole has to be said all the same.
        if let failure = await recording?.failure { throw failure }
        if let failure = await journal?.failure { throw failure }
    }

    private var settings: SegmentSettings { encoding.apply(to: source.segmentSettings) }

    private func makeSession(
        _ configuration: StreamSession.Configuration, video: (any VideoSource)?, audio: (any AudioSource)?,
        keeping recording: Recording?, showing sent: SentMedia?
    ) -> StreamSession {
        var logger = Logger(label: "interhuman", factory: VerboseLog.init(label:))
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
