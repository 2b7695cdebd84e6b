import InterhumanCore
import InterhumanTesting

@testable import InterhumanSession

extension Simulation {
    /// What must hold however the schedule goes; the first that does not, in words.
    func violation() -> String? {
        guard let (account, finishedAfter) = run() else { return "it never ended" }
        if let finishedAfter, finishedAfter > longestFinish { return "finish() took \(finishedAfter)" }
        return nothingIsLeft(account) ?? balance(account) ?? deliveries(account) ?? places(account)
            ?? events(account)
    }

    /// 2 min of flushing, the longest drain that a service of the plans announces or is granted, the margins.
    private var longestFinish: Duration {
        let announcesForever = plan.links.contains {
            if case .announcedOnly(let seconds) = $0.drain { !(seconds < 3_600) } else { false }
        }
        return .seconds(120 + 5 + (announcesForever ? 3_600 : 60) + 1)
    }

    private func nothingIsLeft(_ account: Account) -> String? {
        if !clock.deadlines.isEmpty { return "somebody still sleeps until \(clock.deadlines)" }
        if executor.runUntilIdle() > 0 { return "something still runs" }
        if let open = connector.connections.first(where: { !$0.isClosedByClient }) {
            return "connection \(open.correlationID ?? "") was left open"
        }
        let hasBegun = !encoders.encoders.isEmpty
        if hasBegun, !video.isStopped || audio?.isStopped == false { return "a source was left running" }
        if encoders.encoders.contains(where: { !$0.isFinished && !$0.isCancelled }) { return "an encoder was left" }
        return nil
    }

    /// Every captured interval was sent or told as lost, once.
    private func balance(_ account: Account) -> String? {
        if let imbalance = account.imbalance { return imbalance }
        let captured = encoders.encoders.flatMap(\.inputTimes)
        // The frames say no duration: one alone covers no time.
        guard let first = captured.min(), let last = captured.max(), first < last else { return nil }
        let told = account.sent.map(\.timeRange) + account.gaps.map(\.timeRange)
        guard let start = told.map(\.start).min(), let end = told.map(\.end).max() else {
            return "\(captured.count) pieces were captured and nothing was told"
        }
        if start > first || end < last { return "told \(start) to \(end), captured \(first) to \(last)" }
        return nil
    }

    /// What the services received: in order, whole, each connection in its form, nothing twice but at a boundary.
    private func deliveries(_ account: Account) -> String? {
        var received: [MediaTime] = []
        for (number, connection) in connector.connections.enumerated() {
            let segments = connection.segments
            let configurations = connection.received.prefix { if case .segment = $0 { false } else { true } }
            if !segments.isEmpty,
                !configurations.contains(where: { if case .configuration = $0 { true } else { false } })
            {
                return "media before the configuration on connection \(number + 1)"
            }
            if segments.first?.includingHeader == false { return "no header on connection \(number + 1)" }
            for (segment, includingHeader) in segments {
                if segment.index == 0, !includingHeader { return "a container began without its header" }
                if let last = received.last, segment.timeRange.start <= last {
                    return "\(segment.timeRange) out of order"
                }
                received.append(segment.timeRange.start)
            }
        }
        let sent = account.sent.map(\.timeRange.start)
        if sent != sent.sorted() { return "told as sent out of order" }
        if sent != received { return "told as sent \(sent.count), received \(received.count)" }
        return nil
    }

    /// Each result has its exact place on the one timeline.
    private func places(_ account: Account) -> String? {
        let sent = account.sent
        for event in account.events {
            guard case .engagement(let update) = event.kind, let start = update.start, let end = update.end else {
                continue
            }
            let isOfASegment = sent.contains {
                $0.connection == event.connection && abs($0.sessionStart - start.sessionSeconds) < 1e-9
                    && abs($0.sessionEnd - end.sessionSeconds) < 1e-9
            }
            if !isOfASegment { return "a result at \(start) belongs to no segment" }
        }
        return nil
    }

    /// The order of what is told.
    private func events(_ account: Account) -> String? {
        let names = account.names
        if account.error == nil, names.last != "ended" { return "it ended with \(names.last ?? "nothing")" }
        if names.dropLast().contains("ended") { return "ended twice" }
        if case .drainInterrupted = account.summary?.completion {
            if account.error != nil { return "interrupted drain and an error" }
            if account.gaps.contains(where: { $0.cause == .sessionEnded }) {
                return "interrupted drain, but media left"
            }
        }
        for track in MediaTrack.allCases {
            let isLost = account.events.compactMap { event -> Bool? in
                switch event.kind {
                case .sourceLost(track, _): true
                case .sourceReturned(track): false
                default: nil
                }
            }
            if isLost.first == false || zip(isLost, isLost.dropFirst()).contains(where: ==) {
                return "\(track) was lost and came back in the order \(isLost)"
            }
        }
        let peak = plan.outbox.maximumSegments + 2
        if let summary = account.summary, summary.peakQueuedSegments > peak {
            return "\(summary.peakQueuedSegments) segments waited, \(plan.outbox.maximumSegments) were allowed"
        }
        return nil
    }
}
