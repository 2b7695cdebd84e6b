import Foundation
import InterhumanCore
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
}
