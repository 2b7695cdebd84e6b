import InterhumanCore
import NIOCore
import NIOPosix

extension ConnectionError {
    /// What SwiftNIO says of a failed connect.
    init(connecting error: any Error, host: String, port: Int) {
        let operation = "connect to \(host), port \(port)"
        guard let failure = error as? NIOConnectionError else {
            self.init(
                .unreachable, operation: operation,
                message: "\(host) could not be reached on port \(port). "
                    + "Check the address, the port, and that the service runs.",
                underlying: Self.words(error))
            return
        }
        guard failure.connectionErrors.isEmpty else {
            let attempts = failure.connectionErrors.map { "\($0.target): \(Self.words($0.error))" }
            self.init(
                .unreachable, operation: operation,
                message: "\(host) could not be reached on port \(port) at any of its \(attempts.count) addresses. "
                    + "Check the port, the network, and that the service runs.",
                underlying: attempts.joined(separator: "; "))
            return
        }
        let causes = [failure.dnsAError, failure.dnsAAAAError].compactMap { $0.map(Self.words) }
        self.init(
            .nameNotResolved, operation: "resolve \(host)",
            message: "The name \(host) has no address. Check its spelling and this machine's name service.",
            underlying: causes.joined(separator: "; "))
    }

    private static func words(_ error: any Error) -> String {
        (error as? IOError)?.description ?? String(describing: error)
    }

    static func unverifiedRemotePeer(_ peer: String) -> ConnectionError {
        ConnectionError(
            .invalidSettings, operation: "connect to \(peer)",
            message: "Certificates go unverified on loopback addresses only. Verify this peer's.")
    }

    static func cancelled(_ operation: String) -> ConnectionError {
        ConnectionError(.cancelled, operation: operation, message: "The task that connected was cancelled.")
    }

    static func timedOut(_ operation: String, stage: String, after timeout: Duration) -> ConnectionError {
        ConnectionError(
            .timedOut, operation: operation,
            message: "The service did not \(stage) within \(timeout). Check the network, or allow more time.")
    }
}
