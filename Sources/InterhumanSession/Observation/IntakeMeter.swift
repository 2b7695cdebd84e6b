import Synchronization

/// Counts what the sources give, from the tasks that take it.
final class IntakeMeter: Sendable {
    private let counter = Atomic<Int>(0)

    /// Video frames so far.
    var frames: Int { counter.load(ordering: .relaxed) }

    func countFrame() {
        counter.add(1, ordering: .relaxed)
    }
}
