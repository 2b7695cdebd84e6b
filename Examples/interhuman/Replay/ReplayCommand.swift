import ArgumentParser
import Interhuman
import SessionReport

/// `interhuman replay`.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Plays a session again that 'stream --keep' kept, without network and key.",
        discussion: """
            Shows what 'stream' showed, at the pace in which it came. A recording that a crash cut short is played as \
            far as it goes.
            """)

    @Argument(help: "The directory that was given to 'stream --keep'.")
    var directory: String

    @OptionGroup var pages: PageOptions

    @OptionGroup var viewing: ViewOptions

    @Flag(help: "Play as fast as possible instead of at the recorded pace.")
    var unpaced = false

    @Flag(help: "Print the service's messages verbatim on standard output, one a line; all else on standard error.")
    var json = false

    func run() async throws {
        try await CommandRun.run { try await replay($0, $1) }
    }

    private func replay(_ console: Console, _ interruptions: Interruptions) async throws {
        let profile = try viewing.profile(besides: json ? "--json" : nil)
        let recording = try await RecordedSession(directory: directory)
        let media = RecordedMedia(directory: directory)
        if let shortfall = media.shortfall { await console.tell("note        \(shortfall)") }
        let shown = try await SessionPages.open(pages, service: recording.service, media: media)
        let viewed = profile.flatMap { LiveView(profile: $0, segmentLength: 3) }
        var observers = shown.observers
        var steering: Task<Void, Never>?
        defer { steering?.cancel() }
        if let viewed {
            await console.lend(to: viewed)
            let (keys, interrupt) = (viewed.keys, interruptions.interrupt)
            steering = Task { for await key in keys where key == .finish { interrupt() } }
            // Segments are read in order, by each reader for itself.
            observers += [viewed, ReplayPreview(view: viewed, media: RecordedMedia(directory: directory))]
        }
        await shown.tellAddress(on: console)
        let isStopped: Bool
        do {
            isStopped = try await play(
                recording, on: EventPrinter(console: console, printsJSON: json), observers, interruptions.received)
        } catch {
            await shown.finish(after: error, telling: console)
            throw error
        }
        if isStopped {
            await shown.fail("The replay was stopped before the session's end.")
        } else if let shortfall = await recording.shortfall {
            await console.tell("note        \(shortfall)")
            if await !recording.isWhole { await shown.fail(shortfall) }
        }
        let bad = await media.badCount
        if bad > 0 {
            await console.tell("note        \(bad) segments are missing or damaged: they have no picture.")
        }
        try await shown.finish()
    }

    /// Shows each event when it is due, until the end or the first signal.
    ///
    /// - Returns: Whether it was a signal.
    private func play(
        _ recording: RecordedSession, on printer: EventPrinter, _ observers: [any SessionObserver],
        _ interruptions: AsyncStream<Void>
    ) async throws -> Bool {
        let playing = Task {
            var pace = ReplayPace()
            while let event = try await recording.next() {
                if !unpaced { try await pace.wait(for: event) }
                try Task.checkCancellation()
                for observer in observers { await observer.observe(event) }
                try await printer.show(event)
            }
        }
        let watch = Task {
            for await _ in interruptions {
                playing.cancel()
                break
            }
        }
        defer { watch.cancel() }
        do {
            try await playing.value
            return false
        } catch is CancellationError {
            await printer.tell("Stopped.")
            return true
        }
    }
}
