@testable import InterhumanCapture

/// A sound server of a test's own.
protocol SoundDaemon: Sendable {
    /// Where it is reached.
    var address: String { get }
}

extension SoundDaemon {
    var server: PulseServer { PulseServer(address: address) }

    /// Runs pactl. Returns whether it succeeded.
    @discardableResult
    func control(_ arguments: String...) async -> Bool {
        await Command.run(["pactl", "-s", address] + arguments, environment: ["HOME": "/nonexistent"]) == 0
    }
}
