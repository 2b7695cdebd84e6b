import Synchronization

/// What all connections of a server may hold together of what clients sent: messages that still arrive, and messages
/// that nobody has dealt with yet. In bytes.
///
/// Limits on one message and on connections multiply; this bounds the product. A connection within its own share is
/// never refused, so that a client that sends much harms none that sends little.
public struct ReceiveBudget: Sendable, Hashable {
    /// What may be held beyond the connections' shares. The connection that would exceed it is closed (1013).
    public var common: Int
    /// What each connection may hold in any case.
    public var share: Int

    /// Creates a budget; its bound is `common` plus `share` for each connection. Defaults: 256 MiB and 2 MiB.
    public init(common: Int = 256 << 20, share: Int = 2 << 20) {
        self.common = max(0, common)
        self.share = max(0, share)
    }
}

/// How much of a budget is used. Opens an account for each connection.
final class ReceiveLedger: Sendable {
    private let budget: ReceiveBudget
    private let used = Mutex(0)

    init(_ budget: ReceiveBudget) {
        self.budget = budget
    }

    /// What one connection holds; given back when it is let go.
    final class Account: Sendable {
        private let ledger: ReceiveLedger
        private let held = Mutex(0)

        init(_ ledger: ReceiveLedger) {
            self.ledger = ledger
        }

        deinit {
            ledger.move(from: held.withLock { $0 }, to: 0)
        }

        /// Counts bytes that came, or, below zero, that are done with.
        func add(_ byteCount: Int) {
            held.withLock { held in
                ledger.move(from: held, to: held + byteCount)
                held += byteCount
            }
        }

        /// Whether the connection may go on: it is within its share, or there is room in common.
        var isCovered: Bool {
            held.withLock { $0 <= ledger.budget.share } || ledger.used.withLock { $0 <= ledger.budget.common }
        }
    }

    private func move(from old: Int, to new: Int) {
        let change = max(0, new - budget.share) - max(0, old - budget.share)
        guard change != 0 else { return }
        used.withLock { $0 += change }
    }
}
