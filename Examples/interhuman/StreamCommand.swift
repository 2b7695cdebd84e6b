import ArgumentParser
import Interhuman
import Logging

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

    @Option(
        help: ArgumentHelp("End after so much media.", valueName: "seconds"),
        transform: { text in
            guard let seconds = Double(text), seconds > 0, seconds <= 1e6 else {
                throw ValidationError("A duration is a number of seconds above 0.")
            }
            return Duration.seconds(seconds)
        })
    var duration: Duration?

    @Flag(help: "Print the service's messages verbatim on standard output, one a line; all else on standard error.")
    var json = false

    @Flag(help: "Log what the session and the transport do on standard error. Secrets are redacted.")
    var verbose = false

    func run() async throws {
        let console = Console()
        let interruptions = Interruptions()
        defer { withExtendedLifetime(interruptions) {} }
        do {
            let session = try await makeSession()
            let printer = EventPrinter(console: console, printsJSON: json)
            try await stream(session, to: printer, interruptedBy: interruptions.received)
        } catch let status as ExitCode {
            throw status
        } catch is ClosedOutput {
            throw ExitStatus.closedOutput
        } catch {
            await console.tell("interhuman: \(ExitStatus.text(for: error))")
            throw ExitStatus.of(error)
        }
    }

    private func makeSession() async throws -> StreamSession {
        let (video, audio) = try await source.open(limit: duration, needsBothTracks: service.apiVersion == .v2)
        var logger = Logger(label: "interhuman", factory: StreamLogHandler.standardError(label:))
        logger.logLevel = verbose ? .trace : .critical
        return StreamSession.live(
            configuration: try service.sessionConfiguration(), video: video, audio: audio,
            media: source.segmentSettings, tls: service.tlsConfiguration(), logger: logger)
    }

    /// Runs the session to its end while the first signal finishes it and the second cancels it.
    private func stream(
        _ session: StreamSession, to printer: EventPrinter, interruptedBy interruptions: AsyncStream<Void>
    ) async throws {
        let watch = Task {
            var received = interruptions.makeAsyncIterator()
            guard await received.next() != nil else { return }
            await printer.tell("Finishing. Press Ctrl-C again to stop at once.")
            async let finished: Void = session.finish()
            if await received.next() != nil { await session.cancel() }
            await finished
        }
        defer { watch.cancel() }
        do {
            for try await event in try await session.start() {
                try await printer.show(event)
            }
        } catch {
            await session.cancel()
            throw error
        }
        if await printer.wasCancelled { throw ExitStatus.cancelled }
    }
}
