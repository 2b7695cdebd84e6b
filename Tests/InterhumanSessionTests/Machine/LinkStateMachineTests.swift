import InterhumanCore
import Testing

@testable import InterhumanSession

/// A connection's machine by itself: no task, no clock.
@Suite struct LinkStateMachineTests {
    @Test("every state is reached by the path that the table takes", arguments: LinkState.allCases)
    func reachable(state: LinkState) {
        #expect(LinkStateTable.machine(in: state).machine.state == state)
    }

    @Test("Documentation/SessionStates.md shows the transitions of the code")
    func documented() throws {
        let shown = try DocumentedTable.read("SessionStates.md", replacingWith: LinkStateTable.markdown)
        #expect(shown == LinkStateTable.markdown, "\(DocumentedTable.advice)")
    }

    @Test("after any input in any state, giving it up and the release close it", arguments: LinkState.allCases)
    func alwaysCloses(state: LinkState) {
        for (name, input) in LinkStateTable.inputs {
            var (machine, now) = LinkStateTable.machine(in: state)
            var actions = machine.handle(input, at: now)
            actions += machine.handle(.abandon, at: now)
            if machine.state == .closing { actions += machine.handle(.released, at: now) }
            #expect(machine.state == .closed, "after \(name) in \(state)")
            #expect(machine.deadline == nil)
            #expect(LinkStateTable.inputs.allSatisfy { machine.handle($0.input, at: now).isEmpty })
        }
    }

    @Test("3,000 random walks: one release and one ending at the most, and every wait has a deadline")
    func randomWalks() {
        for seed in 0..<3_000 {
            var random = SplitMix64(seed: UInt64(seed))
            // From any state, because few walks would get far from the first.
            var (machine, now) = LinkStateTable.machine(in: LinkState.allCases[seed % (LinkState.allCases.count - 2)])
            var releases = 0, endings = 0
            for _ in 0..<60 {
                now = now + .milliseconds(Int(random.next() % 20_000))
                let choice = LinkStateTable.inputs.randomElement(using: &random)
                for action in choice.map({ machine.handle($0.input, at: now) }) ?? [] {
                    switch action {
                    case .release: releases += 1
                    case .reportEnded: endings += 1
                    default: break
                    }
                }
                let mayRest = [.idle, .open, .closing, .closed].contains(machine.state)
                guard mayRest || machine.deadline != nil else {
                    Issue.record("seed \(seed): no deadline in \(machine.state)")
                    return
                }
            }
            guard releases <= 1, endings <= releases else {
                Issue.record("seed \(seed): \(releases) releases, \(endings) endings in \(machine.state)")
                return
            }
        }
    }

    @Test("a deadline that comes moves", arguments: LinkState.allCases)
    func deadlinesMove(state: LinkState) {
        var (machine, _) = LinkStateTable.machine(in: state)
        for _ in 0..<10 {
            guard let deadline = machine.deadline else { return }
            _ = machine.handle(.deadline, at: deadline)
            #expect(machine.deadline != deadline)
        }
        #expect(machine.deadline == nil)
    }

    @Test(
        "close codes without an envelope come with advice", arguments: [1008, 1009, 1011, 1013, 4003, 4029] as [UInt16])
    func closeCodes(code: UInt16) {
        var (machine, now) = LinkStateTable.machine(in: .open)
        let actions = machine.handle(.connectionEnded(ConnectionEnding(closeCode: code)), at: now)
        guard case .reportEnded(.failed(let error)) = actions.last else {
            Issue.record("got \(actions)")
            return
        }
        #expect(error.correlationID == "c")
        #expect(error.message.contains("code \(code)"))
        #expect(error.message.hasSuffix("."))
        now = now + .seconds(1)
    }
}
