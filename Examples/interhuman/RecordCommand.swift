import ArgumentParser
import Interhuman
import Logging

/// `interhuman record`.
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Writes into a directory exactly what 'stream' would send, one file a message.",
        discussion: """
            messages.jsonl says of each message what it covers, how many frames and samples are in it, how many bytes and \
            their SHA-256. Nothing leaves the machine and no key is needed. The files joined in order are the stream. \
            Ctrl-C ends the recording in order, a second one at once.
            """)

    @Argument(help: "The directory to write; it is made, or must be empty.", completion: .directory)
    var directory: String

    @OptionGroup var source: SourceOptions
    @OptionGroup var encoding: EncodingOptions

    @Option(help: ArgumentHelp("End after so much media.", valueName: "seconds"), transform: Duration.init(argument:))
    var duration: Duration?

    func run() async throws {
        try await CommandRun.run(note: source.note) { try await record($0, $1) }
    }

    private func record(_ console: Console, _ interruptions: Interruptions) async throws {
        let settings = encoding.apply(to: source.segmentSettings)
        let (video, audio) = try await source.open(
            limit: duration, needsBothTracks: false, telling: console)
        try await EncodingOptions.tellFallbacks(settings, video: video, audio: audio, on: console)
        let recording = try Recording(directory: directory, container: settings.container)
        var configuration = StreamSession.Configuration(
            credentials: StaticCredential(Credential("none")), endpoint: try ServiceEndpoint(version: .v1))
        configuration.reconnect = .never
        let session = StreamSession(
            configuration: configuration, video: video, audio: audio,
            encoderFactory: FFmpegSegmentEncoderFactory(settings: settings),
            connector: RecordingConnector(recording: recording),
            logger: Logger(label: "interhuman", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await SessionRun(session: session, printer: EventPrinter(console: console, printsJSON: false))
            .run(interruptedBy: interruptions.received)
        await recording.finish()
        if let failure = await recording.failure { throw failure }
    }
}

extension Duration {
    /// A number of seconds as people write it.
    init(argument: String) throws {
        guard let seconds = Double(argument), seconds > 0, seconds <= 1e6 else {
            throw ValidationError("A duration is a number of seconds above 0.")
        }
        self = .seconds(seconds)
    }
}
