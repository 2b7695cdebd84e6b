import InterhumanCore
import Logging

extension StreamSession {
    /// Starts both sources at once: a camera may take a second, and sound would begin that much later.
    func startCapture() async {
        await openSpool()
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
        watch(capture.video?.monitor, of: .video)
        watch(capture.audio?.monitor, of: .audio)
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

    /// Tells of a source's losses and returns, as long as the session lasts.
    private func watch(_ monitor: SourceMonitor?, of track: MediaTrack) {
        guard let monitor else { return }
        run(.watch(track)) { session in
            for await event in monitor.events {
                switch event {
                case .lost(let reason):
                    session.counts.sourceInterruptions += 1
                    session.log(.warning, "\(track.rawValue) source lost: \(reason)")
                    session.emit(.sourceLost(track, reason: reason))
                case .returned:
                    session.log(.notice, "\(track.rawValue) source is back")
                    session.emit(.sourceReturned(track))
                }
            }
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
            video: capture.video, audio: capture.audio, encoderFactory: encoderFactory, clock: clock, gate: gate,
            control: control, intake: intake,
            began: { await self.begin(at: $0) }, silent: { await self.warn(.trackSilent($0)) },
            deliver: { await self.enqueue($0, beginsStream: $1) },
            lost: { await self.reportLost($0, because: $1) })
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
        outbox.isFinished = true
        newsForSender.signal()
    }

    private func begin(at epoch: MediaTime) {
        timeline.begin(epoch: epoch, clock: clock)
    }

    private func reportLost(_ range: TimeRange, because cause: MediaGap.Cause) {
        report(MediaGap(range, cause: cause, epoch: timeline.epoch))
    }
}
