import InterhumanLocalService
import SessionReport
import Synchronization

/// Carries a service's events to the console without making the service wait for it.
final class ServiceLog: Sendable {
    private let events: AsyncStream<ServiceEvent>
    private let continuation: AsyncStream<ServiceEvent>.Continuation
    private let lostCount = Atomic(0)

    init() {
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1_024))
    }

    /// Takes an event; when too many wait it is counted as lost.
    func append(_ event: ServiceEvent) {
        if case .dropped = continuation.yield(event) { lostCount.add(1, ordering: .relaxed) }
    }

    /// Ends the log after what is in it.
    func finish() {
        continuation.finish()
    }

    /// Prints events until the log is finished; reports only where they are asked for.
    func print(to console: Console, reports: ReportTarget?) async {
        var reports = reports
        for await event in events {
            if case .reported(let report) = event.kind {
                guard let target = reports else { continue }
                do {
                    try await target.write(report, console: console)
                } catch {
                    await console.tell("interhuman: no more reports: \(error)")
                    reports = nil
                }
            }
            await console.tell(Self.text(of: event))
            let lost = lostCount.exchange(0, ordering: .relaxed)
            if lost > 0 { await console.tell("\(lost) lines are missing here.") }
        }
    }

    /// One line, since an event may quote a client, who could add lines of its own. A report has one for each finding.
    private static func text(of event: ServiceEvent) -> String {
        guard case .reported(var report) = event.kind else { return PlainText.clean(event.description, atMost: 4_000) }
        for index in report.findings.indices {
            report.findings[index].text = PlainText.clean(report.findings[index].text)
        }
        var event = event
        event.kind = .reported(report)
        return event.description
    }
}
