import InterhumanCore

@testable import InterhumanSession

/// The machine's transitions as Documentation/SessionStates.md shows them, found by trying every input in every state.
enum SessionStateTable {
    /// One of each input.
    static let inputs: [(name: String, input: SessionInput)] = [
        ("start()", .start),
        ("finish()", .finish),
        ("cancel()", .cancel),
        ("credential given", .credential(Credential("key"))),
        ("no credential", .credentialFailed(CredentialError(.missing, operation: "test", message: "None."))),
        ("connected", .connected(correlationID: nil)),
        ("connecting failed", .connectFailed(ConnectionError(.unreachable, operation: "test", message: "No."))),
        ("connecting: 401, 403", .connectFailed(ConnectionError(.unauthorized, operation: "test", message: "No."))),
        ("`session.ready`", .ready),
        ("`session.closing`", .serviceClosing(maximumSeconds: 20)),
        ("`session.ended`", .serviceEnded(reason: "client_shutdown")),
        ("`error`", .serviceError(ServiceError(code: .internalError, message: "No."))),
        ("another message", .otherMessage),
        ("configuration sent", .configurationSent),
        ("capture started", .captureStarted),
        ("capture can't start", .captureFailed(CaptureError(.notFound, operation: "test", message: "None."))),
        ("segment sent", .segmentSent),
        ("sources ended", .mediaEnded),
        ("source or encoder failed", .mediaFailed(.encode(EncodeError(.library, operation: "test", message: "No.")))),
        ("all media sent", .mediaSent),
        ("sending failed", .sendFailed(ConnectionError(.connectionLost, operation: "test", message: "No."))),
        ("connection closed (1000)", .connectionEnded(ConnectionEnding(closeCode: 1000))),
        ("connection lost", .connectionEnded(ConnectionEnding(closeCode: 1006))),
        ("deadline", .deadline),
        ("everything freed", .released),
    ]

    /// The inputs that lead to each state.
    static func path(to state: SessionState) -> [SessionInput] {
        let streaming: [SessionInput] = [
            .start, .credential(Credential("key")), .connected(correlationID: "c"), .ready, .configurationSent,
            .captureStarted,
        ]
        return switch state {
        case .idle: []
        case .authorizing: Array(streaming.prefix(1))
        case .connecting: Array(streaming.prefix(2))
        case .awaitingReady: Array(streaming.prefix(3))
        case .configuring: Array(streaming.prefix(4))
        case .preparing: Array(streaming.prefix(5))
        case .streaming: streaming
        case .flushing: streaming + [.finish]
        case .draining: streaming + [.finish, .mediaSent]
        case .breaking:
            streaming + [.sendFailed(ConnectionError(.connectionLost, operation: "test", message: "No."))]
        case .closing: [.start, .cancel]
        case .ended: [.start, .cancel, .released]
        }
    }

    /// A machine in a state, and the time.
    static func machine(in state: SessionState) -> (machine: SessionStateMachine, now: MediaTime) {
        let now = MediaTime(seconds: 1_000)
        var machine = SessionStateMachine(timing: SessionTiming())
        for input in path(to: state) { _ = machine.handle(input, at: now) }
        return (machine, now)
    }

    /// The table's rows; what is ignored has none.
    static var markdown: String {
        var lines = ["| state | when | next | does | deadline |", "| --- | --- | --- | --- | --- |"]
        for state in SessionState.allCases {
            for (name, input) in inputs {
                if let row = row(state, name, input) { lines.append(row) }
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func row(_ state: SessionState, _ name: String, _ input: SessionInput) -> String? {
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

    private static func describe(_ action: SessionAction) -> String {
        switch action {
        case .obtainCredential(let refreshing): refreshing ? "ask for a fresh credential" : "ask for a credential"
        case .connect: "connect"
        case .proceedUnannounced: "tell: not announced"
        case .sendConfiguration: "send configuration"
        case .startCapture: "start capture"
        case .startMedia: "let media flow"
        case .reportStarted: "`start()` returns"
        case .stopCapture: "stop capture"
        case .requestClose: "send `session.close`"
        case .reportTimeout: "warn of the timeout"
        case .release: "free everything"
        case .end: "tell the end"
        }
    }
}
