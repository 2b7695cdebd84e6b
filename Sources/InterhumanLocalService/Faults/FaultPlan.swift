import Synchronization

/// The faults that a service is to commit, changeable while it runs.
public final class FaultPlan: Sendable {
    private let faults: Mutex<[ServiceFault]>

    /// Creates a plan.
    public init(_ faults: [ServiceFault] = []) {
        self.faults = Mutex(faults)
    }

    /// What is still to come. Sessions take what is there when their handshake comes; a fault with a count that is used
    /// up is gone.
    public var current: [ServiceFault] { faults.withLock { $0 } }

    /// Replaces everything.
    public func replace(by faults: [ServiceFault]) {
        self.faults.withLock { $0 = faults }
    }

    /// Adds to what is there.
    public func add(_ faults: [ServiceFault]) {
        self.faults.withLock { $0 += faults }
    }

    /// The faults of the next session.
    func take() -> [ServiceFault] {
        faults.withLock { faults in
            let taken = faults
            faults = faults.compactMap { fault in
                guard let count = fault.count else { return fault }
                var fault = fault
                fault.count = count - 1
                return count > 1 ? fault : nil
            }
            return taken
        }
    }
}
