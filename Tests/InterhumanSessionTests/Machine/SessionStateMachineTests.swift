import InterhumanCore
import Testing

@testable import InterhumanSession

/// The session's machine by itself: no task, no clock.
@Suite struct SessionStateMachineTests {
    @Test("every state is reached by the path that the table takes", arguments: SessionStateTable.states)
    func reachable(state: SessionStateTable.State) {
        let machine = SessionStateTable.machine(in: state).machine
        #expect(machine.phase == state.phase)
        #expect(machine.line == state.line)
        #expect(machine.carrier == state.carrier)
        #expect(machine.opening == state.opening)
        #expect(machine.draining == Set([state.draining].compactMap { $0 }))
    }

    @Test("the table has every phase and every line")
    func complete() {
        #expect(Set(SessionStateTable.states.map(\.phase)) == Set(SessionPhase.allCases))
        #expect(Set(SessionStateTable.states.map(\.line)) == Set(SessionLine.allCases))
    }

    @Test("Documentation/SessionStates.md shows the transitions of the code")
    func documented() throws {
        let shown = try DocumentedTable.read("SessionStates.md", replacingWith: SessionStateTable.markdown)
        #expect(shown == SessionStateTable.markdown, "\(DocumentedTable.advice)")
    }

    @Test(
        "after any input in any state, cancel() and the release end the session, once",
        arguments: SessionStateTable.states)
    func alwaysEnds(state: SessionStateTable.State) {
        for (name, step) in SessionStateTable.inputs(in: state) {
            var (machine, now) = SessionStateTable.machine(in: state)
            var actions = SessionStateTable.take(step, &machine, &now)
            actions += machine.handle(.cancel, at: now)
            if machine.phase == .closing { actions += machine.handle(.released, at: now) }
            #expect(machine.phase == .ended, "after \(name) in \(state)")
            #expect(machine.deadline == nil)
            let ends = actions.filter { if case .end = $0 { true } else { false } }
            #expect(ends.count == (state.phase == .ended ? 0 : 1), "after \(name) in \(state)")
        }
    }

    @Test("a deadline that comes moves", arguments: SessionStateTable.states)
    func deadlinesMove(state: SessionStateTable.State) {
        var (machine, now) = SessionStateTable.machine(in: state)
        for _ in 0..<20 {
            guard let deadline = machine.deadline else { return }
            now = max(now, deadline)
            _ = machine.handle(.deadline, at: now)
            #expect(machine.deadline != deadline)
        }
    }

    @Test("a deadline that was moved does nothing when its old time comes")
    func movedDeadline() {
        let flushing = SessionStateTable.states.filter { $0.phase == .flushing && $0.line == .open }
        for state in flushing {
            var (machine, now) = SessionStateTable.machine(in: state)
            let old = machine.timers[.flush]
            _ = machine.handle(.segmentSent, at: now + .seconds(10))
            #expect(old.map { machine.handle(.deadline, at: $0).isEmpty } == true)
            #expect(machine.timers[.flush] == old.map { $0 + .seconds(10) })
            now = now + .seconds(1)
        }
    }
}
