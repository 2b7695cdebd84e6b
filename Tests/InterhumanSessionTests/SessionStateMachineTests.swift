import FoundationEssentials
import InterhumanCore
import Testing

@testable import InterhumanSession

/// The machine by itself: no task, no clock.
@Suite struct SessionStateMachineTests {
    @Test("every state is reached by the path that the table takes", arguments: SessionState.allCases)
    func reachable(state: SessionState) {
        #expect(SessionStateTable.machine(in: state).machine.state == state)
    }

    @Test("Documentation/SessionStates.md shows the transitions of the code")
    func documented() throws {
        let here = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "Documentation/SessionStates.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let shown = text.split(separator: "\n").filter { $0.hasPrefix("|") }.joined(separator: "\n")
        #expect(shown == SessionStateTable.markdown, "put this table there:\n\(SessionStateTable.markdown)")
    }

    @Test(
        "after any input in any state, cancel() and the release end the session, once", arguments: SessionState.allCases
    )
    func alwaysEnds(state: SessionState) {
        for (name, input) in SessionStateTable.inputs {
            var (machine, now) = SessionStateTable.machine(in: state)
            var actions = machine.handle(input, at: now)
            actions += machine.handle(.cancel, at: now)
            if machine.state == .closing { actions += machine.handle(.released, at: now) }
            #expect(machine.state == .ended, "after \(name) in \(state)")
            #expect(machine.deadline == nil)
            let ends = actions.filter { if case .end = $0 { true } else { false } }
            #expect(ends.count == (state == .ended ? 0 : 1), "after \(name) in \(state)")
            #expect(SessionStateTable.inputs.allSatisfy { machine.handle($0.input, at: now).isEmpty })
        }
    }

    @Test("3,000 random walks: one release at the most, exactly one end, never anything after it")
    func randomWalks() {
        let inputs = SessionStateTable.inputs
        for seed in 0..<3_000 {
            var random = SplitMix64(state: UInt64(seed))
            // From any state, because few walks would get far from the first.
            var (machine, now) = SessionStateTable.machine(
                in: SessionState.allCases[seed % (SessionState.allCases.count - 2)])
            var releases = 0, ends = 0
            for _ in 0..<60 {
                now = now + .milliseconds(Int(random.next() % 20_000))
                let choice = inputs.randomElement(using: &random)
                for action in choice.map({ machine.handle($0.input, at: now) }) ?? [] {
                    switch action {
                    case .release: releases += 1
                    case .end: ends += 1
                    default: break
                    }
                }
                let waits = [.flushing, .draining, .breaking, .awaitingReady].contains(machine.state)
                guard waits == (machine.deadline != nil) else {
                    Issue.record("seed \(seed): deadline \(String(describing: machine.deadline)) in \(machine.state)")
                    return
                }
            }
            guard releases <= 1, ends == (machine.state == .ended ? 1 : 0) else {
                Issue.record("seed \(seed): \(releases) releases, \(ends) ends in \(machine.state)")
                return
            }
        }
    }

    @Test("a deadline that comes moves", arguments: SessionState.allCases)
    func deadlinesMove(state: SessionState) {
        var (machine, _) = SessionStateTable.machine(in: state)
        var count = 0
        while let deadline = machine.deadline, count < 10 {
            _ = machine.handle(.deadline, at: deadline)
            #expect(machine.deadline != deadline)
            count += 1
        }
        #expect(machine.deadline == nil)
    }

    @Test("a deadline that was moved does nothing when its old time comes")
    func movedDeadline() throws {
        var (machine, now) = SessionStateTable.machine(in: .flushing)
        let old = try #require(machine.deadline)
        _ = machine.handle(.segmentSent, at: now + .seconds(10))
        #expect(machine.handle(.deadline, at: old).isEmpty)
        #expect(machine.deadline == old + .seconds(10))
    }

    @Test(
        "close codes without an envelope come with advice", arguments: [1008, 1009, 1011, 1013, 4003, 4029] as [UInt16])
    func closeCodes(code: UInt16) throws {
        var (machine, now) = SessionStateTable.machine(in: .streaming)
        _ = machine.handle(.connectionEnded(ConnectionEnding(closeCode: code)), at: now)
        let actions = machine.handle(.released, at: now)
        guard case .end(.failed(let error)) = actions.first else {
            Issue.record("got \(actions)")
            return
        }
        #expect(error.correlationID == "c")
        #expect(error.message.contains("code \(code)"))
        #expect(error.message.hasSuffix("."))
    }
}

/// Steele, Lea and Flood's generator: the same walk for the same seed.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
