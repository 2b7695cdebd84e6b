import InterhumanCore

@testable import InterhumanSession

/// The connection machine's transitions as Documentation/SessionStates.md shows them.
enum LinkStateTable {
    /// One of each input.
    static let inputs: [(name: String, input: LinkInput)] = [
        ("begin", .begin(refreshing: false)),
        ("credential given", .credential(Credential("key"))),
        ("no credential", .credentialFailed(CredentialError(.missing, operation: "test", message: "None."))),
        ("connected", .connected(correlationID: nil)),
        ("connecting failed", .connectFailed(ConnectionError(.unreachable, operation: "test", message: "No."))),
        ("`session.ready`", .ready),
        ("`session.closing`", .serviceClosing(maximumSeconds: 20)),
        ("`session.ended`", .serviceEnded(reason: "client_shutdown")),
        ("`error`", .serviceError(ServiceError(code: .internalError, message: "No."))),
        ("another message", .otherMessage),
        ("configuration sent", .configurationSent),
        ("sending began", .sendBegan),
        ("sending ended", .sendEnded),
        ("sending failed", .sendFailed(ConnectionError(.connectionLost, operation: "test", message: "No."))),
        ("nothing more to send", .drain),
        ("not needed", .abandon),
        ("connection closed (1000)", .connectionEnded(ConnectionEnding(closeCode: 1000))),
        ("connection lost", .connectionEnded(ConnectionEnding(closeCode: 1006))),
        ("deadline", .deadline),
        ("everything freed", .released),
    ]

    /// The inputs that lead to each state.
    static func path(to state: LinkState) -> [LinkInput] {
        let open: [LinkInput] = [
            .begin(refreshing: false), .credential(Credential("key")), .connected(correlationID: "c"), .ready,
            .configurationSent, .sendBegan,
        ]
        return switch state {
        case .idle: []
        case .authorizing: Array(open.prefix(1))
        case .connecting: Array(open.prefix(2))
        case .awaitingReady: Array(open.prefix(3))
        case .configuring: Array(open.prefix(4))
        case .open: open
        case .draining: open + [.sendEnded, .drain]
        case .breaking:
            open + [.sendFailed(ConnectionError(.connectionLost, operation: "test", message: "No."))]
        case .closing: open + [.abandon]
        case .closed: open + [.abandon, .released]
        }
    }

    /// A machine in a state, and the time.
    static func machine(in state: LinkState) -> (machine: LinkStateMachine, now: MediaTime) {
        let now = MediaTime(seconds: 1_000)
        var machine = LinkStateMachine(timing: SessionTiming())
        for input in path(to: state) { _ = machine.handle(input, at: now) }
        return (machine, now)
    }

    /// The table's rows; what is ignored has none.
    static var markdown: String {
        var lines = ["| state | when | next | does | deadline |", "| --- | --- | --- | --- | --- |"]
        for state in LinkState.allCases {
            for (name, input) in inputs {
                if let row = row(state, name, input) { lines.append(row) }
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func row(_ state: LinkState, _ name: String, _ input: LinkInput) -> String? {
        let (before, start) = machine(in: state)
        var after = before
        var now = start
        if case .deadline = input {
            guard let deadline = before.deadline else { return nil }
            now = deadline
        } else {
            // A second later, so that a deadline that is set anew is another one.
            now = start + .seconds(1)
        }
        let actions = after.handle(input, at: now)
        guard after.state != before.state || after.deadline != before.deadline || !actions.isEmpty else { return nil }
        let next = after.state == before.state ? "same" : after.state.rawValue
        let deadline = after.deadline.map { "\(Int(($0 - now).inSeconds)) s" } ?? ""
        return
            "| \(state.rawValue) | \(name) | \(next) | \(actions.map(describe).joined(separator: ", ")) | \(deadline) |"
    }

    private static func describe(_ action: LinkAction) -> String {
        switch action {
        case .obtainCredential(let refreshing): refreshing ? "ask for a fresh credential" : "ask for a credential"
        case .connect: "connect"
        case .proceedUnannounced: "tell: not announced"
        case .sendConfiguration: "send configuration"
        case .reportOpen: "tell the session: open"
        case .requestClose: "send `session.close`"
        case .reportEnded(.failed): "tell the session: failed"
        case .reportEnded(.drained(let completion)): "tell the session: drained (\(describe(completion)))"
        case .release: "free everything"
        }
    }

    private static func describe(_ completion: SessionSummary.Completion) -> String {
        switch completion {
        case .sessionEnded: "in order"
        case .closedByService: "closed"
        case .quiet: "quiet"
        case .timedOut: "timed out"
        case .drainInterrupted: "interrupted"
        case .cancelled: "cancelled"
        case .failed: "failed"
        }
    }
}
