import InterhumanCore
import Logging

/// From the encoder through the outbox to whichever connection takes media.
extension StreamSession {
    /// Puts a segment into the outbox. Live media can't wait for room: the oldest goes.
    func enqueue(_ segment: MediaSegment, beginsStream: Bool) async {
        if capture.video?.isLive == true || capture.audio?.isLive == true {
            makeRoom(for: segment)
        } else {
            while !outbox.hasRoom(for: segment), !Task.isCancelled { await newsForWriter.wait() }
        }
        noteEncoded(segment)
        let spoolID = await keep(segment)
        outbox.append(segment, beginsStream: beginsStream, at: clock.now, spoolID: spoolID)
        newsForSender.signal()
    }

    private func makeRoom(for segment: MediaSegment) {
        switch configuration.outbox.whenFull {
        case .dropOldest:
            reportGap(outbox.removeExpired(at: clock.now), because: .outboxTooOld)
            reportGap(outbox.makeRoom(for: segment), because: .outboxFull)
        case .stopCapturing:
            // It is encoded already: one more is better than a hole.
            if !outbox.hasRoom(for: segment) { gate.close(.outboxFull) }
        case .fail:
            if !outbox.hasRoom(for: segment) { apply(.outboxOverflowed) }
        }
    }

    /// The outbox holds less than before.
    private func roomCame() {
        if outbox.hasAmpleRoom { gate.open(.outboxFull) }
        newsForWriter.signal()
    }

    /// Sends what comes into the outbox, in order, over whichever connection takes media at the time.
    func sendSegments() async {
        while !Task.isCancelled {
            guard let entry = outbox.first else {
                if outbox.isFinished { return apply(.mediaSent) }
                await newsForSender.wait()
                continue
            }
            guard let number = machine.carrier, let link = links[number], link.machine.state == .open,
                let connection = link.connection
            else {
                apply(.segmentWaiting)
                await newsForSender.wait()
                continue
            }
            if let run = link.run, run != entry.run {
                apply(.linkUnsuitable)
                await newsForSender.wait()
                continue
            }
            let includesHeader = entry.beginsStream || link.sentHeader != entry.segment.header
            if let cause = refusal(of: entry, includingHeader: includesHeader, limits: link.ready) {
                dropFirst(because: cause)
            } else {
                await send(entry, over: connection, number: number, includesHeader: includesHeader)
            }
        }
    }

    private func send(
        _ entry: Outbox.Entry, over connection: any AnalysisConnection, number: Int, includesHeader: Bool
    ) async {
        let result = OneShot<Result<Void, ConnectionError>>()
        links[number]?.run = .some(entry.run)
        links[number]?.timeline.begin(at: entry.segment.timeRange.start, of: timeline)
        // Now, because the service may ask for a new beginning before the network has taken this.
        links[number]?.sentHeader = entry.segment.header
        links[number]?.inFlight = entry.number
        links[number]?.lastInFlight = entry.number
        outbox.beginSending()
        apply(.sendBegan, to: number)
        run(.send, on: number) { session in
            await session.noteSending(entry)
            do throws(ConnectionError) {
                try await connection.send(entry.segment, includingHeader: includesHeader)
                result.fulfil(.success(()))
            } catch {
                result.fulfil(.failure(error))
            }
        }
        let began = clock.now
        let outcome = await result.value()
        links[number]?.inFlight = nil
        switch outcome {
        case .success:
            outbox.confirmSent()
            forget([entry])
            noteSent(byteCount: entry.segment.byteCount(includingHeader: includesHeader), in: clock.now - began)
            links[number]?.timeline.sent(entry.segment.timeRange)
            reportSent(entry, number, includesHeader: includesHeader)
            apply(.sendEnded, to: number)
            apply(.segmentSent)
        case .failure(let error):
            outbox.sendingFailed()
            noteWaiting(entry)
            if error.code != .cancelled { apply(.sendFailed(error), to: number) }
        }
        roomCame()
        if links[number]?.drainsAfterSending == true { apply(.drain, to: number) }
    }

    /// Why a segment can't be sent; nil when it can.
    private func refusal(
        of entry: Outbox.Entry, includingHeader: Bool, limits: SessionReady?
    ) -> MediaGap.Cause? {
        let byteCount = entry.segment.byteCount(includingHeader: includingHeader)
        if byteCount == 0 { return .empty }
        if entry.isRefused { return .refusedAsTooLarge }
        if entry.failedAttempts >= max(1, configuration.reconnect.maximumSendAttempts) {
            return .sendingFailedRepeatedly(attempts: entry.failedAttempts)
        }
        guard let limit = limits?.maxSegmentSizeBytes, limit > 0, byteCount > limit else { return nil }
        return .largerThanServiceAllows(maximumBytes: limit)
    }

    /// What the service refused as too large would end the next connection as well.
    func dropIfRefused(by number: Int, _ error: SessionError) {
        guard case .connection(let error) = error.cause, let entry = outbox.first,
            error.serviceError?.code == .messageTooLarge || error.closeCode == 1009,
            links[number]?.lastInFlight == entry.number
        else { return }
        outbox.refuseFirst()
    }

    private func dropFirst(because cause: MediaGap.Cause) {
        guard let entry = outbox.removeFirst() else { return }
        roomCame()
        reportGap([entry], because: cause)
    }

    private func reportSent(_ entry: Outbox.Entry, _ connection: Int, includesHeader: Bool) {
        let sent = SegmentSummary(
            entry, connection: connection, includesHeader: includesHeader, epoch: timeline.epoch)
        counts.segmentsSent += 1
        counts.bytesSent += sent.byteCount
        counts.timeSent += entry.segment.timeRange.duration
        measure()
        emit(.segmentSent(sent), connection: connection)
    }

    /// Tells of segments that nobody will send, as one gap for each stretch without a break.
    func reportGap(_ entries: [Outbox.Entry], because cause: MediaGap.Cause) {
        var stretch: [Outbox.Entry] = []
        for entry in entries {
            if let last = stretch.last, last.segment.timeRange.end != entry.segment.timeRange.start {
                report(stretch, because: cause)
                stretch = []
            }
            stretch.append(entry)
        }
        report(stretch, because: cause)
    }

    private func report(_ entries: [Outbox.Entry], because cause: MediaGap.Cause) {
        guard let first = entries.first, let last = entries.last else { return }
        forget(entries)
        counts.segmentsDropped += entries.count
        let range = TimeRange(start: first.segment.timeRange.start, end: last.segment.timeRange.end)
        report(
            MediaGap(
                range, segments: entries.map { SegmentSummary($0, epoch: timeline.epoch) }, cause: cause,
                epoch: timeline.epoch))
    }

    /// Tells of media that is lost.
    func report(_ gap: MediaGap) {
        counts.timeLost += gap.timeRange.duration
        counts.gaps += 1
        metrics.count(gap)
        log(.warning, "\(gap.timeRange.duration) of media lost: \(gap.cause)")
        emit(.gap(gap))
    }

    /// Tells of what was left when the session ended.
    func reportUnsent() {
        let left = outbox.removeAll()
        reportKept(left.filter { $0.spoolID != nil })
        reportGap(left.filter { $0.spoolID == nil }, because: .sessionEnded)
    }
}
