import Testing

/// The live view in a pseudo-terminal: whatever happens, the terminal is as it was before.
@Suite("In a terminal", .timeLimit(.minutes(5)))
struct TerminalTests {
    /// Streams to a service of its own.
    private func stream(
        _ options: [String] = [], steps: [[String]], environment: [String: String] = [:], serving: [String] = []
    ) async throws -> TerminalRun {
        let service = try await ServedService(serving)
        let run = try await TerminalRun.run(
            ["stream", "--synthetic", "--url", service.url] + options, steps: steps, environment: environment)
        withExtendedLifetime(service) {}
        return run
    }

    @Test("q finishes in order; the summary stands on the screen that stays")
    func finish() async throws {
        let run = try await stream(steps: [["expect", "Segment"], ["expect", "▀"], ["send", "q"]])
        #expect(run.status == 0)
        #expect(run.hasGivenBack && run.cooked)
        #expect(run.afterwards.hasPrefix("ended       in order (client_shutdown)"), "\(run.afterwards)")
        #expect(!run.afterwards.contains("\u{1B}"))
    }

    @Test("Signals that end the session leave the screen first", arguments: ["INT", "TERM"])
    func endingSignals(name: String) async throws {
        let run = try await stream(steps: [["expect", "▀"], ["signal", name]])
        #expect(run.status == 0)
        #expect(run.hasGivenBack && run.cooked)
        #expect(run.afterwards.contains("ended       in order"))
    }

    @Test(
        "So do crashes, and signals that end the process",
        arguments: [("SEGV", 11), ("ABRT", 6), ("ILL", 4), ("BUS", 7), ("TRAP", 5), ("QUIT", 3), ("HUP", 1)])
    func crashes(name: String, number: Int32) async throws {
        let run = try await stream(
            steps: [["expect", "▀"], ["signal", name]],
            environment: ["SWIFT_BACKTRACE": "enable=no"])
        #expect(run.status == -number)
        #expect(run.hasGivenBack && run.cooked)
    }

    @Test("An error is told after the screen was left")
    func errors() async throws {
        let run = try await TerminalRun.run(
            ["stream", "--synthetic", "--url", "ws://127.0.0.1:1"], steps: [])
        #expect(run.status == 69)
        #expect(run.hasGivenBack && run.cooked)
        #expect(run.afterwards.contains("interhuman: unreachable"), "\(run.afterwards)")
    }

    @Test("A refused key is told after the screen was left")
    func refusal() async throws {
        let run = try await stream(steps: [], serving: ["--api-key", "another"])
        #expect(run.status == 77)
        #expect(run.hasGivenBack && run.cooked)
        #expect(run.afterwards.contains("ih2001"))
    }

    @Test("Ctrl-Z gives the terminal back, fg takes it again")
    func suspension() async throws {
        let run = try await stream(steps: [
            ["expect", "▀"], ["send", "\u{1A}"], ["expect", TerminalRun.leave], ["stopped"], ["continue"],
            ["expect", TerminalRun.enter], ["expect", "Segment"], ["send", "q"],
        ])
        #expect(run.status == 0)
        #expect(run.observations.map(\.cooked) == [true])
        #expect(run.hasGivenBack && run.cooked)
    }

    @Test("Another size is drawn at once")
    func resize() async throws {
        let run = try await stream(steps: [
            ["expect", "▀"], ["resize", "40x12"], ["expect", "\u{1B}[2J"], ["expect", "\u{1B}[12;2H"],
            ["expect", "finish"], ["resize", "120x40"], ["expect", "\u{1B}[2J"], ["expect", "\u{1B}[40;2H"],
            ["send", "q"],
        ])
        #expect(run.status == 0)
        #expect(run.hasGivenBack && run.cooked)
    }

    @Test("A terminal that was stopped with Ctrl-S holds up neither the session nor its end")
    func stoppedTerminal() async throws {
        let run = try await stream(["--duration", "7"], steps: [["expect", "▀"], ["send", "\u{13}"]])
        #expect(run.status == 0)
        #expect(run.hasGivenBack && run.cooked)
        #expect(run.afterwards.contains("3 segments, 7.0 s"), "\(run.afterwards)")
    }

    @Test("p pauses and goes on; ? helps")
    func keys() async throws {
        let run = try await stream(steps: [
            ["expect", "▀"], ["send", "p"], ["expect", "paused"], ["send", "p"], ["expect", "live"], ["send", "?"],
            ["expect", "this help"], ["send", "?"], ["send", "\u{1B}[A"], ["send", "q"],
        ])
        #expect(run.status == 0)
        #expect(run.hasGivenBack && run.cooked)
    }

    @Test(
        "The environment decides about colours and characters",
        arguments: [
            (["NO_COLOR": "1"], false, true), (["TERM": "vt100", "COLORTERM": ""], false, true),
            (["LC_ALL": "C"], true, false), ([:], true, true),
        ] as [([String: String], Bool, Bool)])
    func environment(variables: [String: String], hasColors: Bool, isUnicode: Bool) async throws {
        let run = try await stream(steps: [["expect", "dBFS"], ["send", "q"]], environment: variables)
        #expect(run.status == 0)
        #expect(run.hasGivenBack)
        #expect(run.output.contains(";2;") == hasColors)
        #expect(run.output.unicodeScalars.allSatisfy(\.isASCII) == !isUnicode)
    }

    @Test(
        "Plain lines where a view can't or shouldn't be",
        arguments: [
            ([], ["TERM": "dumb"]), (["--view", "off"], [:]), (["--json"], [:]), (["--verbose"], [:]),
        ] as [([String], [String: String])])
    func plainLines(options: [String], variables: [String: String]) async throws {
        let run = try await stream(
            ["--duration", "4", "--unpaced"] + options, steps: [],
            environment: variables)
        #expect(run.status == 0)
        #expect(!run.output.contains("\u{1B}"))
        #expect(run.output.contains("sent        segment 0"))
    }

    @Test(
        "A view that was asked for where it can't be is wrong usage",
        arguments: [(["--json"], [:]), (["--verbose"], [:]), ([], ["TERM": "dumb"])] as [([String], [String: String])])
    func impossible(options: [String], variables: [String: String]) async throws {
        let run = try await TerminalRun.run(
            ["stream", "--synthetic", "--url", "ws://127.0.0.1:1", "--view", "on"] + options, steps: [],
            environment: variables)
        #expect(run.status == 64)
        #expect(run.output.contains("--view on"))
        #expect(!run.output.contains("\u{1B}"))
    }
}
