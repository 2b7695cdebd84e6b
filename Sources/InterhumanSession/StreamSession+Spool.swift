import InterhumanCore
import Logging

/// What waits survives the end of the process.
extension StreamSession {
    /// Takes over what an earlier process left; it is sent before anything of this session.
    func openSpool() async {
        guard let spool = configuration.spool else { return }
        do throws(SpoolError) {
            let left = try await spool.open()
            isSpooling = true
            nextSpoolID = (left.last?.id).map { $0 + 1 } ?? 0
            takeOver(left)
        } catch {
            warn(.spoolFailed(error))
        }
    }

    private func takeOver(_ left: [SpooledSegment]) {
        let (now, wallClock) = (clock.now, clock.wallClockNanoseconds)
        var interrupted: [Outbox.Entry] = []
        for item in left {
            var segment = item.segment
            // The capture clock of another process, or of another boot, means nothing here; the wall clock does.
            let start = now - .nanoseconds(wallClock &- item.wallClock.nanosecondsSince1970)
            segment.timeRange = TimeRange(start: start, end: start + item.segment.timeRange.duration)
            if item.wasBeingSent {
                interrupted.append(
                    Outbox.Entry(number: -1, segment: segment, beginsStream: false, queuedAt: now, spoolID: item.id))
            } else {
                outbox.append(segment, beginsStream: false, at: now, run: item.run, spoolID: item.id)
            }
        }
        counts.segmentsRecovered = outbox.count
        if !left.isEmpty { emit(.recovered(segments: outbox.count)) }
        reportGap(interrupted, because: .interruptedWhileSending)
    }

    /// Keeps a segment; gives its place, or nil when there is no spool or it can't.
    func keep(_ segment: MediaSegment) async -> UInt64? {
        guard isSpooling, let spool = configuration.spool else { return nil }
        let id = nextSpoolID
        nextSpoolID += 1
        let offset = (segment.timeRange.start - timeline.epoch).nanoseconds
        do throws(SpoolError) {
            try await spool.append(
                SpooledSegment(
                    id: id, run: timeline.epochWallClock,
                    wallClock: WallClockTime(nanosecondsSince1970: timeline.epochWallClock &+ offset),
                    segment: segment))
            return id
        } catch {
            warn(.spoolFailed(error))
            return nil
        }
    }

    func noteSending(_ entry: Outbox.Entry) async {
        guard let id = entry.spoolID, let spool = configuration.spool else { return }
        do throws(SpoolError) {
            try await spool.markSending(id)
        } catch {
            warn(.spoolFailed(error))
        }
    }

    func noteWaiting(_ entry: Outbox.Entry) {
        if let id = entry.spoolID { configuration.spool?.markWaiting(id) }
    }

    /// They were sent or given up.
    func forget(_ entries: [Outbox.Entry]) {
        let ids = entries.compactMap(\.spoolID)
        if !ids.isEmpty { configuration.spool?.remove(ids) }
    }

    /// Tells of what the next session will send.
    func reportKept(_ entries: [Outbox.Entry]) {
        guard !entries.isEmpty else { return }
        let kept = entries.map { SegmentSummary($0, epoch: timeline.epoch) }
        counts.timeKept += entries.reduce(.zero) { $0 + $1.segment.timeRange.duration }
        emit(.kept(kept))
    }

    func closeSpool() async {
        guard isSpooling else { return }
        isSpooling = false
        do throws(SpoolError) {
            try await configuration.spool?.close()
        } catch {
            warn(.spoolFailed(error))
        }
    }
}
