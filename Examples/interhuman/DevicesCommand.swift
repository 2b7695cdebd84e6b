import ArgumentParser
import Interhuman

/// `interhuman devices`.
struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "Lists the cameras and microphones of this machine, with the names that 'stream' takes.",
        discussion: """
            With --json each listing is one object on one line: cameras with formats, frame rates and controls, \
            microphones, and why some can't be used. With --watch another listing follows each change, until Ctrl-C.
            """)

    @Flag(help: "Print listings as JSON, one a line.")
    var json = false

    @Flag(help: "Go on and print the devices again whenever they change.")
    var watch = false

    func run() async throws {
        let console = Console()
        do {
            if watch {
                try await followChanges(console)
            } else {
                let listing = await DeviceListing.current()
                try await show(listing, on: console)
                if let problem = listing.problems.first { throw ExitStatus.of(problem) }
            }
        } catch is ClosedOutput {
            throw ExitStatus.closedOutput
        }
    }

    private func followChanges(_ console: Console) async throws {
        let interruptions = Interruptions()
        let changes = DeviceChanges()
        let ending = Task {
            for await _ in interruptions.received.prefix(1) { changes.end() }
        }
        defer { ending.cancel() }
        var isFirst = true
        for await listing in changes.listings {
            if !isFirst, !json { await console.tell("changed") }
            try await show(listing, on: console)
            isFirst = false
        }
    }

    private func show(_ listing: DeviceListing, on console: Console) async throws {
        guard !json else { return try await console.output(try listing.json) }
        for line in listing.lines { try await console.show(line) }
        for problem in listing.problems { await console.tell("interhuman: \(problem)") }
    }
}
