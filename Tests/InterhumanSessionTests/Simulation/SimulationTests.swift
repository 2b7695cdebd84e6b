import Foundation
import InterhumanCore
import InterhumanTesting
import Testing

@testable import InterhumanSession

/// The real session against random schedules of faults. `INTERHUMAN_SIMULATIONS` sets how many (default 300),
/// `INTERHUMAN_SIMULATION_SEED` runs one alone.
@Suite struct SimulationTests {
    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    static let seeds: Range<UInt64> = {
        if let seed = number("INTERHUMAN_SIMULATION_SEED") { return seed..<(seed + 1) }
        return 0..<(number("INTERHUMAN_SIMULATIONS") ?? 300)
    }()

    @Test("nothing is lost in silence, in disorder, or forever", .timeLimit(.minutes(60)), arguments: 0..<4)
    func schedules(share: Int) throws {
        for seed in Self.seeds where Int(seed % 4) == share {
            let plan = SimulationPlan(seed: seed)
            if let violation = try Simulation(plan).violation() {
                Issue.record("\(violation)\n\(plan)\nAgain with INTERHUMAN_SIMULATION_SEED=\(seed)")
                return
            }
        }
    }

    @Test(
        "a connection that breaks at any byte of the handshake, the configuration or the first segments loses nothing",
        .timeLimit(.minutes(5)), arguments: 0..<4)
    func everyByte(share: Int) throws {
        var plan = SimulationPlan(seed: 1)
        (plan.mediaSeconds, plan.isLive, plan.hasAudio, plan.losesCameraAfter) = (4, true, true, nil)
        (plan.cameraOutages, plan.microphoneOutages, plan.acts) = ([], [], [])
        (plan.outbox, plan.drainsFirst, plan.budgetSeconds) = (OutboxLimits(), false, nil)
        // 400 bytes of handshake, 100 of configuration, about 300 a segment.
        for position in 0..<1_300 where position % 4 == share {
            var link = SimulatedLink()
            link.breaksAfterBytes = position
            plan.links = [link]
            let simulation = try Simulation(plan)
            guard let (account, _) = simulation.run() else {
                Issue.record("broken at byte \(position), it never ended")
                return
            }
            let isWhole = account.error == nil && account.gaps.isEmpty && account.imbalance == nil
            guard isWhole, account.summary?.timeSent == .seconds(4) else {
                Issue.record("broken at byte \(position): \(account.names)")
                return
            }
        }
    }
}
