import CInterhumanFFmpeg
import InterhumanCore

/// Reads and decodes a file, on a thread of its own, as its two tracks ask for it.
actor MediaFileReader {
    private nonisolated let executor = ThreadExecutor(name: "ih-file")
    private let path: String
    nonisolated let clock: any MediaClock
    private var turnsLeft: Int?

    private var demuxer: InputContext?
    private var video: FileTrack<VideoFrame>?
    private var audio: FileTrack<AudioChunk>?
    private var failure: CaptureError?
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// The clock's time of the file's start; set by the first track that starts.
    private var base: MediaTime?
    /// When the file's first packet is, in nanoseconds of the file's own time.
    private var fileStart: Int64 = 0
    /// When the current turn begins and the latest packet of all ends, in nanoseconds from the first start on.
    private var turnStart: Int64 = 0
    private var end: Int64 = 0
    private var isAtEnd = false

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    init(path: String, options: MediaFile.Options, clock: any MediaClock) {
        self.path = path
        self.clock = clock
        turnsLeft = options.playCount.map { $0 - 1 }
    }

    /// Opens the file and its decoders.
    func open() throws(CaptureError) -> FileContents {
        try FileFailure.check(path)
        do throws(EncodeError) {
            return try openTracks()
        } catch {
            throw FileFailure.opening(path, error)
        }
    }

    private func openTracks() throws(EncodeError) -> FileContents {
        let demuxer = try InputContext.open(path: path)
        let videoDecoder = try demuxer.firstStream(AVMEDIA_TYPE_VIDEO).map { stream throws(EncodeError) in
            try VideoTrackDecoder(stream: stream, pixelCount: 16384 * 16384)
        }
        let audioDecoder = try demuxer.firstStream(AVMEDIA_TYPE_AUDIO).map { stream throws(EncodeError) in
            try AudioTrackDecoder(stream: stream, channelCount: 64, sampleRate: 768_000)
        }
        guard videoDecoder != nil || audioDecoder != nil else { throw FileFailure.noTracks }
        let used = [videoDecoder?.streamIndex, audioDecoder?.streamIndex]
        for stream in demuxer.streams where !used.contains(Int(stream.pointee.index)) {
            stream.pointee.discard = AVDISCARD_ALL
        }
        let start = demuxer.pointer.pointee.start_time
        // A file that begins before 0 does so because of samples that decoders skip.
        fileStart = max(0, MediaTimeBase.nanoseconds(start, MediaTimeBase.microseconds) ?? 0)
        video = videoDecoder.map(Self.track)
        audio = audioDecoder.map(Self.track)
        self.demuxer = demuxer
        return FileContents(
            path: path, context: demuxer, video: videoDecoder?.information, audio: audioDecoder?.information)
    }

    private static func track(_ decoder: VideoTrackDecoder) -> FileTrack<VideoFrame> {
        FileTrack(
            streamIndex: decoder.streamIndex,
            decode: { packet throws(EncodeError) in try decoder.decode(packet).map(\.frame) },
            restart: decoder.restart,
            shift: { frame, nanoseconds in
                var frame = frame
                frame.captureTime = frame.captureTime + .nanoseconds(nanoseconds)
                return frame
            })
    }

    private static func track(_ decoder: AudioTrackDecoder) -> FileTrack<AudioChunk> {
        FileTrack(
            streamIndex: decoder.streamIndex, decode: decoder.decode, restart: decoder.restart,
            shift: { chunk, nanoseconds in
                var chunk = chunk
                chunk.captureTime = chunk.captureTime + .nanoseconds(nanoseconds)
                return chunk
            })
    }

    /// Waits until the clock reads `time`.
    nonisolated func pace(until time: MediaTime) async throws(CaptureError) {
        do {
            try await clock.sleep(until: time)
        } catch {
            throw CaptureError(.cancelled, operation: "read \(path)", message: "Reading was cancelled.")
        }
    }

    // MARK: Tracks

    func startVideo() throws(CaptureError) { try start(video) }
    func startAudio() throws(CaptureError) { try start(audio) }
    func stopVideo() { stop(video) }
    func stopAudio() { stop(audio) }

    /// The next picture; nil at the end.
    func nextFrame() async throws(CaptureError) -> VideoFrame? {
        guard let frame = try await next(of: video, other: audio), let base else { return nil }
        var moved = frame
        moved.captureTime = base + (frame.captureTime - .zero)
        return moved
    }

    /// The next samples; nil at the end.
    func nextChunk() async throws(CaptureError) -> AudioChunk? {
        guard let chunk = try await next(of: audio, other: video), let base else { return nil }
        var moved = chunk
        moved.captureTime = base + (chunk.captureTime - .zero)
        return moved
    }

    private func start<Output>(_ track: FileTrack<Output>?) throws(CaptureError) {
        guard let track, track.phase == .idle else {
            throw CaptureError(
                .misuse, operation: "start \(path)",
                message: "The track was started or stopped before. Open the file again to play it again.")
        }
        track.phase = .running
        base = base ?? clock.now
    }

    private func stop<Output>(_ track: FileTrack<Output>?) {
        track?.stop()
        wakeWaiters()
        let isVideoDone = video.map { $0.phase == .stopped } ?? true
        let isAudioDone = audio.map { $0.phase == .stopped } ?? true
        if isVideoDone, isAudioDone { demuxer = nil }
    }

    private func next<Output, Other>(
        of track: FileTrack<Output>?, other: FileTrack<Other>?
    ) async throws(CaptureError) -> Output? {
        guard let track else { return nil }
        // Whatever came of it, also a failure, the other track may be waiting for it.
        defer { wakeWaiters() }
        while track.phase == .running {
            if let failure { throw failure }
            do throws(EncodeError) {
                if let output = try track.next() { return output }
                if let other, other.isFull {
                    guard other.phase == .running else {
                        other.dropOldest()
                        continue
                    }
                    // It may be waiting for this one, which has nothing more for it to wait for.
                    wakeWaiters()
                    await waitForOther()
                    if Task.isCancelled { throw StreamInput.cancelled("read \(path)") }
                } else {
                    let turn = turnStart
                    guard try readPacket() else { return nil }
                    guard turnStart != turn else { continue }
                    // Turn after turn may hold nothing for this track: let `stop()` in, and the task's end.
                    await Task.yield()
                    if Task.isCancelled { throw StreamInput.cancelled("read \(path)") }
                }
            } catch {
                let failure = FileFailure.reading(path, error)
                if failure.code != .cancelled { self.failure = failure }
                throw failure
            }
        }
        return nil
    }

    // MARK: Waiting for the other track

    private func waitForOther() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiters.append($0) }
        } onCancel: {
            Task { await self.wakeWaiters() }
        }
    }

    private func wakeWaiters() {
        let waiting = waiters
        waiters = []
        waiting.forEach { $0.resume() }
    }

    // MARK: Reading

    /// Reads a packet for one of the tracks, or begins the next turn. False at the end.
    private func readPacket() throws(EncodeError) -> Bool {
        guard let demuxer else { return false }
        let packet = try MediaPacket()
        let status = demuxer.read(packet)
        if status == ih_averror_eof { return try beginTurn() }
        try FFmpegStatus.check(status, "read \(path)")
        let time = self.time(of: packet, in: demuxer)
        if packet.streamIndex == video?.streamIndex {
            video?.append(packet, shift: turnStart - fileStart, time: time)
        } else if packet.streamIndex == audio?.streamIndex {
            audio?.append(packet, shift: turnStart - fileStart, time: time)
        }
        return true
    }

    /// The packet's time from the first start on, in nanoseconds; notes where the turn ends.
    private func time(of packet: MediaPacket, in demuxer: InputContext) -> Int64 {
        guard let stream = demuxer.pointer.pointee.streams[packet.streamIndex] else { return end }
        let base = stream.pointee.time_base
        let pointer = packet.pointer
        let stamp = pointer.pointee.pts == ih_nopts ? pointer.pointee.dts : pointer.pointee.pts
        guard let time = MediaTimeBase.nanoseconds(stamp, base) else { return end }
        let duration = MediaTimeBase.nanoseconds(max(0, pointer.pointee.duration), base) ?? 0
        let start = time - fileStart + turnStart
        end = max(end, start + duration)
        return start
    }

    /// Goes back to the file's start for another turn. False when there is none.
    private func beginTurn() throws(EncodeError) -> Bool {
        guard let demuxer, !isAtEnd else { return false }
        video?.appendEndOfTurn()
        audio?.appendEndOfTurn()
        // A file without any length would be played for ever without getting anywhere, and there is an end to time.
        guard turnsLeft != 0, end > turnStart, end < MediaTimeBase.latest else {
            isAtEnd = true
            return true
        }
        turnsLeft = turnsLeft.map { $0 - 1 }
        turnStart = end
        try demuxer.seekToStart()
        return true
    }
}
