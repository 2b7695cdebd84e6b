import InterhumanCore
import InterhumanSession
import InterhumanTesting
import Testing

/// Slow networks, slow readers, oversize segments: bounded, and nothing lost in silence.
@Suite(.timeLimit(.minutes(1)))
struct SessionBackPressureTests {
    @Test("a slow reader sees how many events it missed, and the newest ones")
    func slowReader() async throws {
        let feedback = (1...50).map { ServerMessage(scripted: .feedbackGenerated(Feedback(text: "\($0)"))) }
        var script = ConnectionScript.wellBehaved()
        for message in feedback { script = script.on(.segment(1), .send(message)) }
        let fixture = try SessionFixture(script) { $0.eventCapacity = 8 }
        let quick = fixture.session.subscribe(capacity: 1_000)
        let events = try await fixture.session.start()
        // To the end: what finish() would cut off depends on the moment.
        for try await _ in quick {}
        let account = await Account(reading: events)
        guard case .eventsDropped(let count) = try #require(account.events.first).kind else {
            Issue.record("got \(account.names)")
            return
        }
        #expect(account.events.count == 9)
        #expect(account.names.last == "ended")
        #expect(count > 0)
    }

    @Test("a source that can wait loses nothing while the network stalls")
    func waitingSource() async throws {
        let fixture = try SessionFixture(
            ConnectionScript.wellBehaved().on(.segment(1), .holdSends),
            encoders: PassthroughSegmentEncoderFactory(segmentDuration: .milliseconds(500))
        ) { $0.outbox = OutboxLimits(maximumSegments: 2) }
        let events = try await fixture.session.start()
        let connection = try #require(await fixture.connector.connection())
        await connection.waitUntil { $0.count == 2 }
        connection.releaseSends()
        let account = await Account(reading: events)
        #expect(account.gaps.isEmpty)
        #expect(connection.segments.map(\.index) == Array(0..<12))
        #expect(connection.segments.map(\.videoFrameCount).reduce(0, +) == 180)
    }

    @Test("for a live source the oldest whole segments go, and each is told once")
    func liveSource() async throws {
        let fixture = try SessionFixture(
            ConnectionScript.wellBehaved().on(.segment(1), .holdSends),
            video: ArrayVideoSource(count: 180, base: SessionFixture.base, isLive: true),
            audio: ArrayAudioSource(count: 300, base: SessionFixture.base, isLive: true),
            encoders: PassthroughSegmentEncoderFactory(segmentDuration: .milliseconds(500))
        ) { $0.outbox = OutboxLimits(maximumSegments: 3) }
        let events = try await fixture.session.start()
        let connection = try #require(await fixture.connector.connection())
        // Everything is encoded although the network takes nothing.
        await fixture.clock.waitForSleeper(until: SessionFixture.base + .seconds(30))
        connection.releaseSends()
        let account = await Account(reading: events)
        #expect(account.error == nil)
        let lost = account.gaps
        #expect(lost.allSatisfy { $0.cause == .outboxFull })
        let indices = lost.flatMap { $0.segments.map(\.number) } + connection.segments.map(\.index)
        #expect(indices.sorted() == Array(0..<12))
        #expect(connection.segments.map(\.index).suffix(2) == [10, 11])
        #expect(account.summary?.segmentsDropped == lost.flatMap(\.segments).count)
    }

    @Test("a segment larger than the service takes is told and not sent; the header goes with the next")
    func oversize() async throws {
        var ready = SessionReady()
        let header = PassthroughSegmentEncoderFactory.header.count
        // The first segment has 90 frames and about 150 chunks of 9 bytes each, with the header: just too large.
        ready.maxSegmentSizeBytes = 9 * 180 + header
        let fixture = try SessionFixture(
            .wellBehaved(ready: ready),
            video: ArrayVideoSource(
                Self.frames(at: (0..<200).map { Double($0) / 100 } + [3.0, 3.5])), audio: nil,
            encoders: PassthroughSegmentEncoderFactory(segmentDuration: .seconds(2.5)))
        let account = await Account(reading: try await fixture.session.start())
        let connection = try #require(await fixture.connector.connection())
        #expect(account.gaps.map(\.cause) == [.largerThanServiceAllows(maximumBytes: 9 * 180 + header)])
        #expect(connection.segments.map(\.index) == [1])
        #expect(connection.binaryMessages[0].starts(with: PassthroughSegmentEncoderFactory.header))
        #expect(account.error == nil)
    }

    private static func frames(at seconds: [Double]) -> [VideoFrame] {
        let format = VideoFormat(width: 16, height: 16, pixelFormat: .gray8)
        let storage = OwnedVideoStorage(planes: [([UInt8](repeating: 128, count: 256), 16)])
        return seconds.map {
            VideoFrame(format: format, captureTime: SessionFixture.base + .seconds($0), storage: storage)
        }
    }

    @Test("sources that can wait advance together: neither leads by more than half a second and a frame")
    func lockstep() async throws {
        let fixture = try SessionFixture(.wellBehaved())
        _ = await Account(reading: try await fixture.session.start())
        let connection = try #require(await fixture.connector.connection())
        var reached: [UInt8: Int64] = [:]
        for body in connection.segments.map(\.body) {
            for start in stride(from: 0, to: body.count, by: 9) {
                let time = body[(start + 1)..<(start + 9)].reduce(Int64(0)) { $0 << 8 | Int64($1) }
                reached[body[start]] = time
                guard let video = reached[UInt8(ascii: "V")], let audio = reached[UInt8(ascii: "A")] else { continue }
                #expect(abs(video - audio) <= 540_000_000)
            }
        }
        #expect(reached.count == 2)
    }

    @Test("a track that falls silent is told and holds nobody up")
    func silentTrack() async throws {
        let fixture = try SessionFixture(
            .wellBehaved(), audio: ArrayAudioSource(count: 50, base: SessionFixture.base, ending: .staysOpen))
        let events = try await fixture.session.start()
        let clock = fixture.clock
        let time = Task {
            while !Task.isCancelled {
                await clock.waitForSleepers()
                clock.advance(by: .seconds(1))
            }
        }
        // Audio ends within the first segment: its end proves that video went on alone.
        let connection = try #require(await fixture.connector.connection())
        await connection.waitUntil { $0.count == 2 }
        time.cancel()
        await time.value
        await fixture.session.finish()
        let account = await Account(reading: events)
        #expect(account.names.contains("warning"))
        #expect(account.error == nil)
    }
}
