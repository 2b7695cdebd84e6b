import InterhumanCore

/// Gives an encoder what the interleaver brings. The encoder is made with the first media, whose time becomes 0.
struct EncoderFeed {
    private let pump: MediaPump
    private var videoTrack: VideoTrackDescription?
    private var audioTrack: AudioTrackDescription?
    private var encoder: (any SegmentEncoder)?
    /// The first media's time, which is 0 for every encoder: container times run on when a fresh one is made.
    private var epoch: MediaTime?
    /// Up to where media was discarded, and why.
    private var (discardedUntil, holeCause): (MediaTime?, MediaGap.Cause?)
    /// Whether the encoder has not delivered yet.
    private var beginsStream = true
    /// Up to where media went into the encoder, and up to where segments came out.
    private var (encodedUntil, deliveredUntil): (MediaTime?, MediaTime?)

    init(pump: MediaPump) {
        self.pump = pump
        videoTrack = pump.video.map {
            VideoTrackDescription(format: $0.format, nominalFrameRate: $0.nominalFrameRate, isLive: $0.isLive)
        }
        audioTrack = pump.audio.map { AudioTrackDescription(format: $0.format) }
    }

    /// Encodes until the media is over; gives the error of a source that failed.
    mutating func run(from interleaver: MediaInterleaver) async throws(SessionError.Cause) -> CaptureError? {
        while true {
            let step: MediaInterleaver.Step?
            do throws(CaptureError) {
                step = try await interleaver.next()
            } catch {
                return error
            }
            guard let step else { return nil }
            try await take(step)
        }
    }

    /// Ends the stream and delivers what the encoder held back.
    mutating func finish() async throws(SessionError.Cause) {
        pump.control.end()
        if let encoder { try await deliver { () async throws(EncodeError) in try await encoder.finish() } }
        encoder = nil
        await reportHole(until: nil)
    }

    /// Lets the encoder go without what it held back, and tells what that was.
    mutating func cancel(because cause: MediaGap.Cause) async {
        pump.control.end()
        await encoder?.cancel()
        if encoder == nil { await reportHole(until: nil) }
        encoder = nil
        guard let start = deliveredUntil ?? epoch, let end = encodedUntil, start < end else { return }
        await pump.lost(TimeRange(start: start, end: end), cause)
    }

    private mutating func take(_ step: MediaInterleaver.Step) async throws(SessionError.Cause) {
        if let start = step.time {
            // What waits may go on where it was, with the same encoder.
            if !pump.isLive { await pump.gate.hold() }
            if let reason = pump.gate.reason {
                try await suspend(because: reason)
                return await discard(step)
            }
            // The track that was behind when the last encoder ended: its time has been accounted for.
            if encoder == nil, let deliveredUntil, start < deliveredUntil { return }
        }
        switch step {
        case .frame(let frame):
            let encoder = try await openEncoder(at: frame.captureTime)
            noteEncoded(until: step.end)
            try await deliver { () async throws(EncodeError) in try await encoder.encode(frame) }
        case .chunk(let chunk):
            let encoder = try await openEncoder(at: chunk.captureTime)
            noteEncoded(until: step.end)
            try await deliver { () async throws(EncodeError) in try await encoder.encode(chunk) }
        case .silent(let track):
            await pump.silent(track)
        case .ended(let track):
            try await end(track)
        }
    }

    /// Before the encoder is made, a track without any media is simply left out.
    private mutating func end(_ track: MediaTrack) async throws(SessionError.Cause) {
        guard let encoder else {
            if track == .video { videoTrack = nil } else { audioTrack = nil }
            return
        }
        try await deliver { () async throws(EncodeError) in
            track == .video ? try await encoder.finishVideo() : try await encoder.finishAudio()
        }
    }

    /// Ends the encoder's stream, so that what was captured until now can be sent; a fresh encoder goes on later.
    private mutating func suspend(because reason: MediaGate.Reason) async throws(SessionError.Cause) {
        guard let encoder else { return }
        holeCause = reason.cause
        pump.control.end()
        try await deliver { () async throws(EncodeError) in try await encoder.finish() }
        self.encoder = nil
    }

    private mutating func discard(_ step: MediaInterleaver.Step) async {
        guard let start = step.time, let end = step.end else { return }
        if epoch == nil { await pump.began(start) }
        epoch = epoch ?? start
        discardedUntil = max(discardedUntil ?? end, end)
        holeCause = pump.gate.reason?.cause ?? holeCause
    }

    /// Tells of what was discarded before `end`.
    private mutating func reportHole(until end: MediaTime?) async {
        guard let discardedUntil else { return }
        self.discardedUntil = nil
        let (start, end) = (deliveredUntil ?? epoch, end ?? discardedUntil)
        guard let start, let holeCause, start < end else { return }
        await pump.lost(TimeRange(start: start, end: end), holeCause)
        deliveredUntil = end
    }

    private mutating func noteEncoded(until end: MediaTime?) {
        guard let end else { return }
        encodedUntil = max(encodedUntil ?? end, end)
    }

    private mutating func openEncoder(at start: MediaTime) async throws(SessionError.Cause) -> any SegmentEncoder {
        if let encoder { return encoder }
        let epoch = epoch ?? start
        do throws(EncodeError) {
            let made = try await pump.encoderFactory.makeEncoder(video: videoTrack, audio: audioTrack, epoch: epoch)
            encoder = made
            beginsStream = true
            try await pump.control.begin(made)
            if self.epoch == nil { await pump.began(epoch) }
            self.epoch = epoch
            return made
        } catch {
            throw .encode(error)
        }
    }

    private mutating func deliver(
        _ encode: () async throws(EncodeError) -> [MediaSegment]
    ) async throws(SessionError.Cause) {
        let segments: [MediaSegment]
        do throws(EncodeError) {
            segments = try await encode()
        } catch {
            throw .encode(error)
        }
        for segment in segments {
            await reportHole(until: segment.timeRange.start)
            await pump.deliver(segment, beginsStream || segment.beginsStream)
            beginsStream = false
            deliveredUntil = max(deliveredUntil ?? segment.timeRange.end, segment.timeRange.end)
        }
    }
}
