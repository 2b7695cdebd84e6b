import Foundation
import Interhuman
import Testing

/// A live session with real sockets and codecs, and what it told.
struct FaultRun {
    /// How long each run streams, where `INTERHUMAN_RELIABILITY_SECONDS` says it.
    static let wantedSeconds = ProcessInfo.processInfo.environment["INTERHUMAN_RELIABILITY_SECONDS"].flatMap { Int($0) }
    static let seconds = wantedSeconds ?? 20

    /// What ended the session, when it failed.
    private(set) var error: SessionError?
    private(set) var intervals: [(range: TimeRange, isSent: Bool)] = []
    private(set) var events: [SessionEvent] = []

    /// Runs a session to its end.
    init(_ session: StreamSession) async throws {
        let events = try await session.start()
        do throws(SessionError) {
            for try await event in events { take(event) }
        } catch {
            self.error = error
        }
    }

    private mutating func take(_ event: SessionEvent) {
        events.append(event)
        switch event.kind {
        case .segmentSent(let segment): intervals.append((segment.timeRange, true))
        case .gap(let gap): intervals.append((gap.timeRange, false))
        default: break
        }
    }

    /// How many events there are of a kind.
    func count(_ name: String) -> Int { events.count { "\($0.kind)".hasPrefix(name) } }

    /// How much of the captured time is told never or twice, in milliseconds.
    var imbalance: Double {
        var reached: MediaTime?
        var error = 0.0
        for (range, _) in intervals.sorted(by: { $0.range.start < $1.range.start }) {
            if let reached { error += abs((range.start - reached).inSeconds) }
            reached = max(reached ?? range.end, range.end)
        }
        return error * 1_000
    }

    var summary: SessionSummary? {
        if case .ended(let summary) = events.last?.kind { summary } else { nil }
    }

    /// The report balances to the millisecond of media, and all that was captured is in it.
    func expectBalance(seconds: Int = FaultRun.seconds) throws {
        #expect(imbalance < 1)
        let summary = try #require(summary)
        let total = summary.timeSent + summary.timeLost
        let start = try #require(intervals.map(\.range.start).min())
        let end = try #require(intervals.map(\.range.end).max())
        #expect(abs((total - (end - start)).inSeconds) < 0.001)
        // The tracks begin and end within a frame and a chunk of each other.
        #expect(abs(total.inSeconds - Double(seconds)) < 0.5)
    }

    /// Says in one line what happened, for a report.
    func report(_ name: String) {
        guard let summary else { return print("\(name): no summary") }
        print(
            """
            \(name): \(summary.segmentsSent) segments, \(summary.timeSent.inSeconds) s sent, \
            \(summary.timeLost.inSeconds) s lost in \(summary.gaps) gaps, imbalance \(imbalance) ms, \
            \(summary.connections) connections, \(summary.reconnections) reconnections, \(summary.rollovers) rollovers, \
            \(count("adapted")) adaptations, ended with \(summary.completion)
            """)
    }
}
