import InterhumanCore
import Testing

@testable import InterhumanSession

/// When the session's machine opens a connection, and when it waits although one is wanted.
@Suite struct SessionMachinePaceTests {
    private typealias Table = SessionStateTable

    /// A machine that streams over connection 1.
    private func streaming(_ policy: ReconnectPolicy = ReconnectPolicy()) -> SessionStateMachine {
        var policy = policy
        policy.jitterSeed = 3
        var machine = SessionStateMachine(policy: policy)
        for input in [SessionInput.start, .linkOpened(1, Table.terms), .captureStarted] {
            _ = machine.handle(input, at: Table.start)
        }
        return machine
    }

    private func opens(_ actions: [SessionAction]) -> Bool {
        actions.contains { if case .openLink = $0 { true } else { false } }
    }

    private static let refused = SessionError(
        .connection(
            ConnectionError(
                .refused, operation: "connect", message: "Later.", httpStatus: 503, retryAfter: .seconds(60))))

    @Test("a successor that is needed at once is not tried again before its pause is over", arguments: [false, true])
    func neededSuccessor(isFlushing: Bool) throws {
        var machine = streaming()
        if isFlushing { _ = machine.handle(.finish, at: Table.start) }
        #expect(opens(machine.handle(.linkUnsuitable, at: Table.start)))
        _ = machine.handle(.linkEnded(2, .failed(Self.refused)), at: Table.start)
        // The sender asks again at once: nothing has changed for it.
        #expect(!opens(machine.handle(.linkUnsuitable, at: Table.start)))
        let due = try #require(machine.timers[.successor])
        #expect(due >= Table.start + .seconds(60))
        #expect(!opens(machine.handle(.linkUnsuitable, at: due - .milliseconds(1))))
        machine.timers[.flush] = nil
        #expect(opens(machine.handle(.deadline, at: due)))
    }

    @Test("what the service refuses for good ends a session whose connection can carry nothing more")
    func refusedSuccessor() {
        var machine = streaming()
        _ = machine.handle(.linkUnsuitable, at: Table.start)
        _ = machine.handle(.linkEnded(2, .failed(Table.quotaExhausted)), at: Table.start)
        #expect(machine.phase == .closing)
        // The same for a fresh credential that is refused as well.
        var unauthorized = streaming()
        _ = unauthorized.handle(.linkUnsuitable, at: Table.start)
        #expect(opens(unauthorized.handle(.linkEnded(2, .failed(Table.unauthorized)), at: Table.start)))
        _ = unauthorized.handle(.linkEnded(3, .failed(Table.unauthorized)), at: Table.start)
        #expect(unauthorized.phase == .closing)
        // Without need of a successor the old one goes on, and is asked.
        var calm = streaming()
        calm.timers = [.rollover: Table.start]
        #expect(opens(calm.handle(.deadline, at: Table.start)))
        _ = calm.handle(.linkEnded(2, .failed(Table.quotaExhausted)), at: Table.start)
        #expect(calm.phase == .streaming && calm.line == .open)
    }

    @Test("while paused a lost connection is replaced when something waits, at the pace of any other")
    func paused() throws {
        var machine = streaming()
        _ = machine.handle(.pause, at: Table.start)
        _ = machine.handle(.linkEnded(1, .failed(Self.refused)), at: Table.start)
        #expect(machine.line == .off)
        #expect(!opens(machine.handle(.segmentWaiting, at: Table.start)))
        #expect(machine.line == .waiting)
        let due = try #require(machine.timers[.retry])
        #expect(due >= Table.start + .seconds(60))
        #expect(opens(machine.handle(.deadline, at: due)))
    }

    @Test("what one refusal asked for holds when another connection is lost meanwhile")
    func longestPause() throws {
        var machine = streaming()
        machine.timers = [.rollover: Table.start]
        _ = machine.handle(.deadline, at: Table.start)
        _ = machine.handle(.linkEnded(2, .failed(Self.refused)), at: Table.start)
        let actions = machine.handle(.linkEnded(1, .failed(Table.unreachable)), at: Table.start + .seconds(1))
        #expect(!opens(actions))
        #expect(try #require(machine.timers[.retry]) >= Table.start + .seconds(60))
    }

    @Test("where one connection is allowed, the next one waits until the old one has ended, around a pause as well")
    func drainFirst() {
        for wish in [SessionInput.resume, .segmentWaiting] {
            var machine = streaming()
            machine.allowsOneLink = true
            _ = machine.handle(.pause, at: Table.start)
            machine.timers = [.idle: Table.start]
            _ = machine.handle(.deadline, at: Table.start)
            #expect(machine.line == .off && machine.draining == [1])
            #expect(!opens(machine.handle(wish, at: Table.start)))
            let ended = machine.handle(
                .linkEnded(1, .drained(.sessionEnded(reason: "client_shutdown"))), at: Table.start)
            #expect(opens(ended) || opens(machine.handle(.segmentWaiting, at: Table.start)))
        }
    }

    @Test("terms that come after the connection opened count from its opening")
    func lateTerms() {
        var machine = SessionStateMachine()
        let unknown = LinkTerms(since: Table.start)
        for input in [SessionInput.start, .linkOpened(1, unknown), .captureStarted] {
            _ = machine.handle(input, at: Table.start)
        }
        #expect(machine.timers[.rollover] == nil)
        _ = machine.handle(.linkTerms(2, Table.terms), at: Table.start + .seconds(3))
        #expect(machine.timers[.rollover] == nil)
        _ = machine.handle(.linkTerms(1, Table.terms), at: Table.start + .seconds(3))
        #expect(machine.timers[.rollover] == streaming().timers[.rollover])
    }

    @Test("a flush that times out is not explained by a connection that was replaced long ago")
    func oldEnding() {
        var machine = streaming()
        machine.allowsOneLink = true
        let later = Table.start + .seconds(100)
        _ = machine.handle(.linkEnded(1, .failed(Table.unreachable)), at: Table.start)
        _ = machine.handle(.deadline, at: later)
        _ = machine.handle(.linkOpened(2, Table.terms), at: later)
        machine.timers[.rollover] = later
        _ = machine.handle(.deadline, at: later)
        #expect(machine.line == .replacing)
        _ = machine.handle(.finish, at: later)
        let actions = machine.handle(.deadline, at: later + .seconds(10_000))
        #expect(actions.contains { if case .reportTimeout = $0 { true } else { false } })
    }
}
