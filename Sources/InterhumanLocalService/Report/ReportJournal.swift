import Synchronization

/// The reports on the last sessions, newest last.
final class ReportJournal: Sendable {
    private static let capacity = 100
    private let reports = Mutex<[StreamReport]>([])

    var all: [StreamReport] { reports.withLock { $0 } }

    func append(_ report: StreamReport) {
        reports.withLock { reports in
            if reports.count == Self.capacity { reports.removeFirst() }
            reports.append(report)
        }
    }
}
