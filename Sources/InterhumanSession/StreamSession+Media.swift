import InterhumanCore
import Logging

extension StreamSession {
    /// Starts both sources at once: a camera may take a second, and sound would begin that much later.
    func startCapture() async {
        let (video, audio) = (video, audio)
        async let videoResult = Self.result { () async throws(CaptureError) in try await video?.start() }
        async let audioResult = Self.result { () async throws(CaptureError) in try await audio?.start() }
        let results = await (video: videoResult, audio: audioResult)
        do throws(CaptureError) {
            capture.video = try results.video.get()
            capture.audio = try results.audio.get()
        } catch {
            apply(.captureFailed(error))
            return
        }
        emit(.capturing(CaptureDescription(video: capture.video?.description, audio: capture.audio?.description)))
        if video == nil, configuration.session.model != .inter2Audio { warn(.missingTrack(.video)) }
        if audio == nil { warn(.missingTrack(.audio)) }
        apply(.captureStarted)
    }

    private static func result<Stream: Sendable>(
        _ start: @Sendable () async throws(CaptureError) -> Stream
    ) async -> Result<Stream, CaptureError> {
        do throws(CaptureError) {
            return .success(try await start())
        } catch {
            return .failure(error)
        }
    }

    /// Ends the sources; what they captured still comes.
    func stopSources() async {
        await video?.stop()
        await audio?.stop()
    }

    /// Runs the media from the sources into the outbox.
    func pumpMedia() async {
        let pump = MediaPump(
            video: capture.video, audio: capture.audio, encoderFactory: encoderFactory, clock: clock,
            began: { await self.begin(at: $0) }, silent: { await self.warn(.trackSilent($0)) },
            deliver: { await self.enqueue($0) })
        do throws(SessionError.Cause) {
            try await pump.run()
            if !Task.isCancelled { apply(.mediaEnded) }
        } catch {
            // Whoever cancels ends the session and needs no reason.
            guard !Task.isCancelled else { return }
            switch error {
            case .capture(let error): warn(.captureFailed(error))
            case .encode(let error): warn(.encodeFailed(error))
            case .credential, .connection: break
            }
            apply(.mediaFailed(error))
        }
        outbox.finish()
    }

    private func begin(at epoch: MediaTime) {
        timeline.begin(epoch: epoch, clock: clock)
    }

    /// Puts a segment into the outbox. Live media can't wait for room: the oldest goes.
    private func enqueue(_ segment: MediaSegment) async {
        if capture.video?.isLive == true || capture.audio?.isLive == true {
            reportDropped(outbox.appendDroppingOldest(segment), because: .outboxFull)
        } else if await !outbox.appendWhenRoom(segment) {
            reportDropped([segment], because: .sessionEnded)
        }
    }

    /// Sends what comes out of the outbox. The first message carries the container's header, and so does the first one
    /// after the container began anew.
    func sendSegments() async {
        guard let connection else { return }
        var sentHeader: [UInt8]?
        while let segment = await outbox.next() {
            let needsHeader = segment.header != sentHeader
            if let cause = refusal(of: segment, includingHeader: needsHeader) {
                reportDropped([segment], because: cause)
                continue
            }
            if sentHeader == nil { timeline.anchorServer(at: segment.timeRange.start) }
            segmentInFlight = (segment, needsHeader)
            do throws(ConnectionError) {
                try await connection.send(segment, includingHeader: needsHeader)
            } catch {
                apply(.sendFailed(error))
                return
            }
            segmentInFlight = nil
            reportSent(segment, includesHeader: needsHeader)
            sentHeader = segment.header
        }
        if !Task.isCancelled { apply(.mediaSent) }
    }

    /// Why a segment can't be sent; nil when it can.
    private func refusal(of segment: MediaSegment, includingHeader: Bool) -> DroppedSegments.Cause? {
        let byteCount = segment.byteCount(includingHeader: includingHeader)
        if byteCount == 0 { return .empty }
        guard let limit = serviceLimits?.maxSegmentSizeBytes, limit > 0, byteCount > limit else { return nil }
        return .largerThanServiceAllows(maximumBytes: limit)
    }

    private func reportSent(_ segment: MediaSegment, includesHeader: Bool) {
        let sent = SegmentSummary(segment, includesHeader: includesHeader, epoch: timeline.epoch)
        summary.segmentsSent += 1
        summary.bytesSent += sent.byteCount
        summary.secondsSent += segment.timeRange.duration.inSeconds
        emit(.segmentSent(sent))
        apply(.segmentSent)
    }

    /// Tells of segments that nobody will send.
    private func reportDropped(_ segments: [MediaSegment], because cause: DroppedSegments.Cause) {
        guard !segments.isEmpty else { return }
        summary.segmentsDropped += segments.count
        let dropped = segments.map { SegmentSummary($0, includesHeader: false, epoch: timeline.epoch) }
        logger.warning("\(segments.count) segments dropped: \(cause)")
        emit(.segmentsDropped(DroppedSegments(segments: dropped, cause: cause)))
    }

    /// Tells of what was left when the session ended.
    func reportUnsent() {
        let inFlight = segmentInFlight.map { [$0.segment] } ?? []
        segmentInFlight = nil
        reportDropped(inFlight + outbox.removeAll(), because: .sessionEnded)
    }
}
