import InterhumanCore
import InterhumanEncode
import Testing

@Suite("File source", .timeLimit(.minutes(5)))
struct MediaFileTests {
    private let base = MediaTime(seconds: 5000)

    private func file(
        seconds: Double = 2, audio: Bool = true, video: Bool = true
    ) async throws -> TemporaryFile {
        var run = EncodingRun.steady(seconds: seconds, frameRate: 20)
        if !audio { run.clicks = nil }
        if !video { run.picture = nil }
        return try TemporaryFile(try await run.run().segments.joined, name: "recording.webm")
    }

    private func open(_ file: TemporaryFile, playCount: Int? = 1) async throws(CaptureError) -> MediaFile {
        try await MediaFile.open(
            path: file.path, options: .init(pacing: .unpaced, playCount: playCount), clock: JumpingClock(now: base))
    }

    @Test("Both tracks give everything that is in the file, on one clock")
    func wholeFile() async throws {
        let temporary = try await file()
        let file = try await open(temporary)
        let video = try await #require(file.video).start()
        let audio = try await #require(file.audio).start()
        #expect(video.format.width == 320 && video.format.height == 180)
        #expect(audio.format == AudioFormat(sampleRate: 48_000, channelCount: 1))
        async let frames = all(video.frames)
        async let chunks = all(audio.chunks)
        let (pictures, sounds) = try await (frames, chunks)
        #expect(pictures.map { CounterPicture.number(in: $0) } == Array(0..<40))
        #expect(sounds.reduce(0) { $0 + $1.frameCount } == 96_000)
        #expect(pictures.first?.captureTime == base && sounds.first?.captureTime == base)
        #expect(pictures.last?.captureTime == base + .milliseconds(1950))
    }

    @Test("One track can be read to its end before the other is touched")
    func oneAfterTheOther() async throws {
        let temporary = try await file()
        let file = try await open(temporary)
        let video = try await #require(file.video).start()
        let audio = try await #require(file.audio).start()
        let chunks = try await all(audio.chunks)
        let frames = try await all(video.frames)
        #expect(chunks.reduce(0) { $0 + $1.frameCount } == 96_000)
        #expect(frames.count == 40)
    }

    @Test("A file that is played again goes on in time")
    func loop() async throws {
        let temporary = try await file()
        let file = try await open(temporary, playCount: 3)
        let video = try await #require(file.video).start()
        let audio = try await #require(file.audio).start()
        async let framesRead = all(video.frames)
        async let chunksRead = all(audio.chunks)
        let (frames, chunks) = try await (framesRead, chunksRead)
        #expect(
            frames.map { CounterPicture.number(in: $0) } == Array(repeating: Array(0..<40), count: 3).flatMap(\.self))
        #expect(zip(frames, frames.dropFirst()).allSatisfy { $0.captureTime < $1.captureTime })
        #expect(chunks.reduce(0) { $0 + $1.frameCount } == 288_000)
        // Picture and sound of each turn begin together.
        let frameStarts = stride(from: 0, to: 120, by: 40).map { frames[$0].captureTime }
        let length = chunks.count / 3
        for (start, index) in zip(frameStarts, stride(from: 0, to: chunks.count, by: length)) {
            #expect(abs((chunks[index].captureTime - start).inSeconds) < 0.0015)
        }
    }

    @Test("A file that is played for ever is stopped by its user")
    func endless() async throws {
        let temporary = try await file(seconds: 0.5)
        let file = try await open(temporary, playCount: nil)
        let source = try #require(file.video)
        let stream = try await source.start()
        var count = 0
        for try await _ in stream.frames {
            count += 1
            if count == 95 { await source.stop() }
        }
        #expect(count == 95)
    }

    @Test("In real time frames come at their capture time and chunks at the end of theirs")
    func pacing() async throws {
        let temporary = try await file(seconds: 1)
        let clock = JumpingClock(now: base)
        let file = try await MediaFile.open(path: temporary.path, clock: clock)
        let frames = try await all(try await #require(file.video).start().frames)
        #expect(clock.deadlines == frames.map(\.captureTime))
        let chunks = try await all(try await #require(file.audio).start().chunks)
        #expect(clock.deadlines.dropFirst(frames.count).elementsEqual(chunks.map { $0.captureTime + $0.duration }))
        // The base is that of the first start, though the clock has moved on.
        #expect(chunks.first?.captureTime == base)
    }

    @Test("A file without sound has no audio source, one without pictures no video source")
    func missingTracks() async throws {
        let silent = try await open(try await file(seconds: 1, audio: false))
        #expect(silent.audio == nil)
        #expect(try await all(try #require(silent.video).start().frames).count == 20)
        let blind = try await open(try await file(seconds: 1, video: false))
        #expect(blind.video == nil)
        let chunks = try await all(try #require(blind.audio).start().chunks)
        #expect(chunks.reduce(0) { $0 + $1.frameCount } == 48_000)
    }

    @Test("What can't be opened is refused with a reason")
    func refusals() async throws {
        let text = try TemporaryFile(Array("This is no media.".utf8), name: "notes.txt")
        let empty = try TemporaryFile([])
        let playlist = try TemporaryFile(
            Array("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n".utf8),
            name: "list.m3u8")
        let cases: [(path: String, code: CaptureError.Code)] = [
            ("/no/such/file.mp4", .notFound), ("/", .undecodable), (text.path, .undecodable),
            (empty.path, .undecodable), (playlist.path, .undecodable),
        ]
        for (path, code) in cases {
            let error = await #expect(throws: CaptureError.self) { try await MediaFile.open(path: path) }
            #expect(error?.code == code, "\(path)")
        }
        let error = await #expect(throws: CaptureError.self) {
            try await MediaFile.open(path: text.path, options: .init(playCount: 0))
        }
        #expect(error?.code == .unsupported)
    }

    @Test("A source starts once; stopping is harmless at any time")
    func misuse() async throws {
        let temporary = try await file(seconds: 0.5)
        let file = try await open(temporary)
        let source = try #require(file.video)
        let stream = try await source.start()
        var error = await #expect(throws: CaptureError.self) { try await source.start() }
        #expect(error?.code == .misuse)
        await source.stop()
        await source.stop()
        #expect(try await all(stream.frames).isEmpty)
        let other = try #require(file.audio)
        await other.stop()
        error = await #expect(throws: CaptureError.self) { try await other.start() }
        #expect(error?.code == .misuse)
    }

    @Test("A file encoded again keeps its frames, its times and its sound")
    func encodedAgain() async throws {
        let temporary = try await file(seconds: 4)
        let file = try await open(temporary)
        let video = try await #require(file.video).start()
        let audio = try await #require(file.audio).start()
        async let framesRead = all(video.frames)
        async let chunksRead = all(audio.chunks)
        let (frames, chunks) = try await (framesRead, chunksRead)
        let encoder = try await FFmpegSegmentEncoderFactory().makeEncoder(
            video: VideoTrackDescription(format: video.format, nominalFrameRate: video.nominalFrameRate),
            audio: AudioTrackDescription(format: audio.format), epoch: base)
        var segments: [MediaSegment] = []
        var rest = chunks[...]
        for frame in frames {
            while let chunk = rest.first, chunk.captureTime <= frame.captureTime {
                segments += try await encoder.encode(chunk)
                rest = rest.dropFirst()
            }
            segments += try await encoder.encode(frame)
        }
        for chunk in rest { segments += try await encoder.encode(chunk) }
        segments += try await encoder.finish()
        let recording = try await Recording.decode(segments.messages)
        #expect(recording.numbers == Array(0..<80))
        #expect(recording.videoTimes == frames.map { ($0.captureTime - base).inSeconds })
        #expect(recording.samples.count == 192_000)
        for second in 1...3 {
            let centre = ClickTrack.centre(
                near: Double(second), in: recording.samples, start: recording.audioStart, sampleRate: 48_000)
            #expect(abs((centre ?? 0) - Double(second)) < 0.002)
        }
    }

    @Test("A file with broken bytes gives what it can or a typed error, and ends")
    func mutated() async throws {
        let whole = try await EncodingRun.steady(seconds: 1, frameRate: 15).run().segments.joined
        var state: UInt64 = 7
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var endings = 0
        for turn in 0..<60 {
            var bytes = Array(whole.prefix(turn % 4 == 3 ? random(whole.count) : whole.count))
            guard !bytes.isEmpty else { continue }
            for _ in 0..<(turn % 4 == 3 ? 0 : 10) { bytes[random(bytes.count)] = UInt8(random(256)) }
            let temporary = try TemporaryFile(bytes)
            do throws(CaptureError) {
                let file = try await open(temporary)
                if let video = file.video { _ = try await all(try await video.start().frames) }
                if let audio = file.audio { _ = try await all(try await audio.start().chunks) }
            } catch {
                #expect([.undecodable, .system].contains(error.code), "\(error)")
            }
            endings += 1
        }
        #expect(endings > 50)
    }

    @Test("A track that can't be decoded ends the other, though that waits for it")
    func brokenTrack() async throws {
        // So much sound comes before the first picture that whoever wants that has to wait until the sound is read.
        var run = EncodingRun.steady(seconds: 40, frameRate: 2)
        run.frameTimes = run.frameTimes.filter { $0 > 35 }
        let bytes = try WebMSurgery.withBrokenSound(try await run.run().segments.joined)
        let temporary = try TemporaryFile(bytes, name: "broken.webm")
        let file = try await open(temporary)
        let video = try await #require(file.video).start()
        let audio = try await #require(file.audio).start()
        @Sendable func watch() async -> CaptureError? {
            await #expect(throws: CaptureError.self) { try await all(video.frames) }
        }
        // At once where the compiler can, so that the picture is asked for before the sound.
        #if compiler(>=6.2)
            let watching = Task.immediate { await watch() }
        #else
            let watching = Task { await watch() }
        #endif
        let error = await #expect(throws: CaptureError.self) { try await all(audio.chunks) }
        #expect(error?.code == .undecodable)
        #expect(await watching.value?.code == .undecodable)
    }

    private func all<Element, Failure: Error>(
        _ sequence: MediaSequence<Element, Failure>
    ) async throws(Failure) -> [Element] {
        var elements: [Element] = []
        for try await element in sequence { elements.append(element) }
        return elements
    }
}
