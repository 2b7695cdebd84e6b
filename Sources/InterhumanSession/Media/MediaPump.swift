import InterhumanCore

/// Takes media from the sources to the encoder, and its segments onwards.
struct MediaPump: Sendable {
    let video: VideoStream?
    let audio: AudioStream?
    let encoderFactory: any SegmentEncoderFactory
    let clock: any MediaClock
    let gate: MediaGate
    let control: EncoderControl
    let intake: IntakeMeter
    /// Told the capture time of the first media.
    let began: @Sendable (MediaTime) async -> Void
    /// Told which track gives nothing while the other goes on.
    let silent: @Sendable (MediaTrack) async -> Void
    /// Takes a segment, and whether the container begins anew with it; the pump waits as long as it takes.
    let deliver: @Sendable (MediaSegment, Bool) async -> Void
    /// Told which media was lost in the encoder.
    let lost: @Sendable (TimeRange, MediaGap.Cause) async -> Void

    /// Whether what comes must be taken or lost.
    var isLive: Bool { video?.isLive == true || audio?.isLive == true }

    /// Runs until both sources are over and everything was delivered, or one fails, or the task is cancelled. When a
    /// source fails, what was captured before is delivered first.
    func run() async throws(SessionError.Cause) {
        let tracks = Set([video == nil ? nil : MediaTrack.video, audio == nil ? nil : .audio].compactMap { $0 })
        let interleaver = MediaInterleaver(tracks: tracks, clock: clock)
        let result = await withTaskGroup(of: Void.self) { group in
            if let video { group.addTask { await pull(video, into: interleaver) } }
            if let audio { group.addTask { await pull(audio, into: interleaver) } }
            let result = await feed(from: interleaver)
            interleaver.close()
            group.cancelAll()
            return result
        }
        try result.get()
    }

    private func pull(_ stream: VideoStream, into interleaver: MediaInterleaver) async {
        do throws(CaptureError) {
            for try await frame in stream.frames {
                intake.countFrame()
                guard await interleaver.put(.frame(frame), in: .video) else { return }
            }
            interleaver.end(.video)
        } catch {
            interleaver.end(.video, error)
        }
    }

    private func pull(_ stream: AudioStream, into interleaver: MediaInterleaver) async {
        do throws(CaptureError) {
            for try await chunk in stream.chunks {
                guard await interleaver.put(.chunk(chunk), in: .audio) else { return }
            }
            interleaver.end(.audio)
        } catch {
            interleaver.end(.audio, error)
        }
    }

    private func feed(from interleaver: MediaInterleaver) async -> Result<Void, SessionError.Cause> {
        var feed = EncoderFeed(pump: self)
        do throws(SessionError.Cause) {
            let failure = try await feed.run(from: interleaver)
            guard !Task.isCancelled else {
                await feed.cancel(because: .sessionEnded)
                return .success(())
            }
            try await feed.finish()
            if let failure { return .failure(.capture(failure)) }
            return .success(())
        } catch {
            await feed.cancel(because: .encoderFailed)
            return .failure(error)
        }
    }
}
