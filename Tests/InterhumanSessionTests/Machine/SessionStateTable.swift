import InterhumanCore

@testable import InterhumanSession

/// The session machine's transitions as Documentation/SessionStates.md shows them, found by trying every input in every
/// state.
enum SessionStateTable {
    static let unreachable = SessionError(
        .connection(ConnectionError(.unreachable, operation: "test", message: "No.")))
    static let unauthorized = SessionError(
        .connection(ConnectionError(.unauthorized, operation: "test", message: "No.", httpStatus: 401)))
    static let quotaExhausted = SessionError(
        .connection(
            ConnectionError(
                .endedByService, operation: "test", message: "No.",
                serviceError: ServiceError(code: .quotaExhausted, message: "No."))))
    static let tooManySessions = SessionError(
        .connection(
            ConnectionError(
                .endedByService, operation: "test", message: "No.",
                serviceError: ServiceError(code: .concurrencyLimit, message: "No."))))

    /// A state of the table: the phase, the line, and the inputs that lead there.
    struct State: Sendable, CustomStringConvertible {
        var phase: SessionPhase
        var line: SessionLine
        var path: [Step]
        /// Which connection takes media, which is being opened, which drains.
        var carrier: Int?, opening: Int?, draining: Int?

        var description: String { "\(phase.rawValue), \(line.rawValue)" }
    }

    /// An input, or waiting for a deadline.
    enum Step: Sendable {
        case input(SessionInput)
        case wait
    }

    static let terms: LinkTerms = {
        var ready = SessionReady()
        ready.sessionMaxDurationSeconds = 1_000
        ready.sessionIdleTimeoutSeconds = 300
        return LinkTerms(since: start, ready)
    }()

    static let start = MediaTime(seconds: 1_000)

    static let states: [State] = {
        let preparing: [Step] = [.input(.start), .input(.linkOpened(1, terms))]
        let streaming = preparing + [.input(.captureStarted)]
        let lost = Step.input(.linkEnded(1, .failed(unreachable)))
        let refused = Step.input(.linkEnded(1, .failed(unauthorized)))
        // The first timer to come is the healthy minute's, then the rollover's.
        let overlapping = streaming + [.wait, .wait]
        let replacing = overlapping + [.input(.linkEnded(2, .failed(tooManySessions)))]
        let resting = streaming + [.input(.pause), lost]
        return [
            State(phase: .idle, line: .off, path: []),
            State(phase: .starting, line: .opening, path: [.input(.start)], opening: 1),
            State(phase: .preparing, line: .open, path: preparing, carrier: 1),
            State(phase: .streaming, line: .open, path: streaming, carrier: 1),
            State(phase: .streaming, line: .waiting, path: streaming + [lost]),
            State(phase: .streaming, line: .opening, path: streaming + [refused], opening: 2),
            State(phase: .streaming, line: .overlapping, path: overlapping, carrier: 1, opening: 2),
            State(phase: .streaming, line: .replacing, path: replacing, draining: 1),
            State(phase: .paused, line: .open, path: streaming + [.input(.pause)], carrier: 1),
            State(phase: .paused, line: .waiting, path: streaming + [lost, .input(.pause)]),
            State(phase: .paused, line: .opening, path: streaming + [refused, .input(.pause)], opening: 2),
            State(
                phase: .paused, line: .overlapping, path: overlapping + [.input(.pause)], carrier: 1, opening: 2),
            State(phase: .paused, line: .replacing, path: replacing + [.input(.pause)], draining: 1),
            State(phase: .paused, line: .off, path: resting),
            State(phase: .flushing, line: .open, path: streaming + [.input(.finish)], carrier: 1),
            State(phase: .flushing, line: .waiting, path: streaming + [lost, .input(.finish)]),
            State(phase: .flushing, line: .opening, path: streaming + [refused, .input(.finish)], opening: 2),
            State(phase: .flushing, line: .replacing, path: replacing + [.input(.finish)], draining: 1),
            State(phase: .flushing, line: .off, path: resting + [.input(.finish)]),
            State(
                phase: .draining, line: .off, path: streaming + [.input(.finish), .input(.mediaSent)], draining: 1),
            State(phase: .closing, line: .off, path: [.input(.start), .input(.cancel)]),
            State(phase: .ended, line: .off, path: [.input(.start), .input(.cancel), .input(.released)]),
        ]
    }()

    /// One of each input; those of connections are about the one that the state has.
    static func inputs(in state: State) -> [(name: String, step: Step)] {
        let fixed: [(String, Step)] = [
            ("start()", .input(.start)), ("finish()", .input(.finish)), ("cancel()", .input(.cancel)),
            ("pause()", .input(.pause)), ("resume()", .input(.resume)),
            ("capture started", .input(.captureStarted)),
            (
                "capture can't start",
                .input(.captureFailed(CaptureError(.notFound, operation: "test", message: "None.")))
            ),
            ("segment sent", .input(.segmentSent)), ("segment waits", .input(.segmentWaiting)),
            ("segment of an earlier run", .input(.linkUnsuitable)),
            ("no room, policy: fail", .input(.outboxOverflowed)), ("sources ended", .input(.mediaEnded)),
            (
                "source or encoder failed",
                .input(.mediaFailed(.encode(EncodeError(.library, operation: "test", message: "No."))))
            ),
            ("all media sent", .input(.mediaSent)), ("next deadline", .wait), ("everything freed", .input(.released)),
        ]
        let endings: [(String, SessionError)] = [
            ("lost: retry", unreachable), ("refused: refresh", unauthorized), ("ended: stop", quotaExhausted),
            ("refused: one session only", tooManySessions),
        ]
        var links: [(String, Step)] = []
        if let carrier = state.carrier {
            links += endings.prefix(3).map { ("carrier \($0.0)", .input(.linkEnded(carrier, .failed($0.1)))) }
        }
        if let opening = state.opening {
            links.append(("connection opened", .input(.linkOpened(opening, terms))))
            links += endings.map { ("opening \($0.0)", .input(.linkEnded(opening, .failed($0.1)))) }
        }
        if let draining = state.draining {
            links.append(
                ("drained", .input(.linkEnded(draining, .drained(.sessionEnded(reason: "client_shutdown"))))))
            links.append(("lost while draining", .input(.linkEnded(draining, .failed(unreachable)))))
            links.append(("refused while draining: stop", .input(.linkEnded(draining, .failed(quotaExhausted)))))
        }
        return fixed + links
    }

    /// A machine in a state, and the time.
    static func machine(in state: State) -> (machine: SessionStateMachine, now: MediaTime) {
        var policy = ReconnectPolicy()
        policy.jitterSeed = 7
        var machine = SessionStateMachine(policy: policy)
        var now = start
        for step in state.path { _ = take(step, &machine, &now) }
        return (machine, now)
    }

    /// Lets a machine take a step.
    static func take(_ step: Step, _ machine: inout SessionStateMachine, _ now: inout MediaTime) -> [SessionAction] {
        switch step {
        case .input(let input): return machine.handle(input, at: now)
        case .wait:
            guard let deadline = machine.deadline else { return [] }
            now = max(now, deadline)
            return machine.handle(.deadline, at: now)
        }
    }

    /// The table's rows; what is ignored has none.
    static var markdown: String {
        var lines = [
            "| phase | line | when | next phase | next line | does |", "| --- | --- | --- | --- | --- | --- |",
        ]
        for state in states {
            for (name, step) in inputs(in: state) {
                if let row = row(state, name, step) { lines.append(row) }
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func row(_ state: State, _ name: String, _ step: Step) -> String? {
        var (machine, now) = machine(in: state)
        let before = machine
        let actions = take(step, &machine, &now)
        let isSame = machine.phase == before.phase && machine.line == before.line
        guard !isSame || !actions.isEmpty else { return nil }
        let phase = machine.phase == before.phase ? "" : machine.phase.rawValue
        let line = machine.line == before.line ? "" : machine.line.rawValue
        let does = actions.map(describe).joined(separator: ", ")
        return "| \(state.phase.rawValue) | \(state.line.rawValue) | \(name) | \(phase) | \(line) | \(does) |"
    }

    private static func describe(_ action: SessionAction) -> String {
        switch action {
        case .openLink(_, let refreshing): refreshing ? "connect with a fresh credential" : "connect"
        case .drain: "send `session.close`"
        case .abandon: "give the attempt up"
        case .startCapture: "start capture"
        case .startMedia: "let media flow"
        case .reportStarted: "`start()` returns"
        case .pauseMedia: "discard media"
        case .resumeMedia: "take media again"
        case .stopCapture: "stop capture"
        case .reportReconnecting: "tell: reconnecting"
        case .reportReconnected: "tell: reconnected"
        case .reportRolledOver: "tell: rolled over"
        case .reportRolloverDelayed: "warn: not yet rolled over"
        case .reportTimeout: "warn of the timeout"
        case .reportDrainInterrupted: "warn: the drain was cut short"
        case .release: "free everything"
        case .end: "tell the end"
        }
    }
}
