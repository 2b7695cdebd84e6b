import InterhumanCore
import Testing

@testable import InterhumanCapture

/// A microphone source over a scripted server.
@Suite(.timeLimit(.minutes(5))) struct MicrophoneSourceTests {
    private func source(
        _ server: ScriptedServer, _ selector: String? = nil,
        _ configure: (inout MicrophoneConfiguration) -> Void = { _ in }
    ) -> MicrophoneSource {
        var configuration = MicrophoneConfiguration()
        configure(&configuration)
        return MicrophoneSource(selector, configuration: configuration, server: server)
    }

    /// Its stream, its monitor and its events know of each other, and yet nothing holds it.
    @Test func isFreedWithItsStream() async throws {
        func use() async throws -> OneShot<Void> {
            let server = ScriptedServer([ScriptedServer.microphone("mic")])
            let source = source(server)
            let stream = try await source.start()
            #expect(stream.monitor?.statistics.dropped == 0)
            await source.stop()
            return server.freed
        }
        try await use().value()
    }

    @Test func aDefaultThatIsAMonitorIsNotChosen() async throws {
        let server = ScriptedServer([
            ScriptedServer.microphone("speakers.monitor", isDefault: true, isMonitor: true),
            ScriptedServer.microphone("mic"),
        ])
        let source = source(server)
        #expect(try await source.start().isLive)
        #expect(server.requests.map(\.source) == ["mic"])
        await source.stop()
        #expect(server.openRecordings == 0)
    }

    @Test func aMonitorIsChosenByName() async throws {
        let server = ScriptedServer([ScriptedServer.microphone("speakers.monitor", isMonitor: true)])
        let named = source(server, "The speakers.monitor") { $0.mayMove = false }
        _ = try await named.start()
        #expect(server.requests.first?.mayMove == false)
        await named.stop()
        let error = await #expect(throws: CaptureError.self) { try await source(server).start() }
        #expect(error?.code == .notFound && error?.message.contains("speakers.monitor") == true)
    }

    @Test func aFailureToRecordIsTheErrorOfStart() async throws {
        let server = ScriptedServer([ScriptedServer.microphone("mic")])
        server.fail(with: [ScriptedServer.failure(.busy)])
        let source = source(server)
        let error = await #expect(throws: CaptureError.self) { try await source.start() }
        #expect(error?.code == .busy)
        await source.stop()
    }

    @Test func aRecordingThatEndsIsOpenedAgainOnTheSameTimeline() async throws {
        let server = ScriptedServer([ScriptedServer.microphone("mic")])
        let source = source(server)
        let stream = try await source.start()
        var events = source.events.makeAsyncIterator()
        for _ in 0..<5 { server.give() }
        server.fail(with: [ScriptedServer.failure(.audioServerUnavailable), nil])
        server.tell(.failed(ScriptedServer.failure(.deviceLost)))
        while let event = await events.next() {
            guard case .retrying(let pause, let reason) = event else { continue }
            #expect(pause == .milliseconds(100) && reason == "scripted")
            break
        }
        // The pause before the next try is by the server's clock, which stands until here.
        server.clock.advance(by: .seconds(1))
        while let event = await events.next(), event != .returned {}
        for _ in 0..<5 { server.give() }
        let end = server.clock.now
        var chunks: [AudioChunk] = []
        for try await chunk in stream.chunks {
            chunks.append(chunk)
            if chunk.captureTime + chunk.duration > end - .milliseconds(10) { break }
        }
        let recorded = Recorded(chunks, format: stream.format)
        #expect(recorded.gaps == 0)
        // 1.2 s in all: the second between is silence.
        #expect(abs(recorded.samples.count - 57_600) < 100)
        #expect(source.statistics.restarts == 1)
        #expect(stream.monitor?.interruptions == 1 && stream.monitor?.isLost == false)
        await source.stop()
        #expect(server.openRecordings == 0)
    }

    @Test func aSourceThatGivesNothingIsOpenedAgain() async throws {
        let server = ScriptedServer([ScriptedServer.microphone("mic")])
        let source = source(server)
        _ = try await source.start()
        var events = source.events.makeAsyncIterator()
        server.clock.advance(by: .seconds(4))
        while let event = await events.next() {
            if case .stalled(let time) = event {
                #expect(time >= .seconds(3))
                break
            }
        }
        while let event = await events.next(), event != .returned {}
        #expect(server.requests.count == 2)
        await source.stop()
    }

    @Test func theNextDefaultIsFollowedUnlessItIsAMonitor() async throws {
        let server = ScriptedServer([
            ScriptedServer.microphone("first", isDefault: true), ScriptedServer.microphone("second"),
            ScriptedServer.microphone("speakers.monitor", isMonitor: true),
        ])
        let source = source(server)
        _ = try await source.start()
        var events = source.events.makeAsyncIterator()
        _ = await events.next()
        server.tell(.defaultChanged(to: "speakers.monitor", isMonitor: true))
        server.tell(.overflowed)
        #expect(await events.next() == .overflowed)
        server.tell(.defaultChanged(to: "second", isMonitor: false))
        #expect(await events.next() == .moved(to: "second"))
        #expect(await events.next() == .returned)
        await source.stop()
        #expect(source.statistics.overflows == 1)
    }

    /// Two changes in a row: the second may come while the worker looks at the first, and is not lost with it.
    @Test func aDefaultThatIsToldRightAfterAnotherIsFollowed() async throws {
        let server = ScriptedServer([
            ScriptedServer.microphone("first", isDefault: true), ScriptedServer.microphone("second"),
            ScriptedServer.microphone("speakers.monitor", isMonitor: true),
        ])
        let source = source(server)
        _ = try await source.start()
        var events = source.events.makeAsyncIterator()
        _ = await events.next()
        for round in 0..<2_000 {
            server.tell(.defaultChanged(to: "speakers.monitor", isMonitor: true))
            // Gives the worker's thread as long as it needs to be somewhere in its look.
            for _ in 0..<(round % 50) * 20 { _ = server.openRecordings }
            server.tell(.defaultChanged(to: "second", isMonitor: false))
            try #require(await events.next() == .moved(to: "second"))
            try #require(await events.next() == .returned)
            _ = await events.next()
        }
        await source.stop()
    }

    @Test func aDefaultIsFollowedAlsoWhenTheServerDoesNotAnswerAtOnce() async throws {
        let server = ScriptedServer([
            ScriptedServer.microphone("first", isDefault: true), ScriptedServer.microphone("second"),
        ])
        let source = source(server)
        _ = try await source.start()
        var events = source.events.makeAsyncIterator()
        _ = await events.next()
        server.failListing(with: [ScriptedServer.failure(.audioServerUnavailable)])
        server.tell(.defaultChanged(to: "second", isMonitor: false))
        #expect(await events.next() == .moved(to: "second"))
        guard case .retrying = await events.next() else {
            Issue.record("not tried again")
            return
        }
        server.clock.advance(by: .seconds(1))
        #expect(await events.next() == .returned)
        await source.stop()
        #expect(server.requests.map(\.knownDefault) == ["first", "first"])
    }

    @Test func aDefaultCanBePinned() async throws {
        let server = ScriptedServer([
            ScriptedServer.microphone("first", isDefault: true), ScriptedServer.microphone("second"),
        ])
        let source = source(server) {
            $0.followsDefault = false
            $0.mayMove = false
        }
        _ = try await source.start()
        var events = source.events.makeAsyncIterator()
        _ = await events.next()
        server.tell(.defaultChanged(to: "second", isMonitor: false))
        server.tell(.overflowed)
        #expect(await events.next() == .overflowed)
        #expect(server.requests.map(\.source) == ["first"] && server.requests.first?.mayMove == false)
        await source.stop()
    }

    @Test func aSlowConsumerLosesTheOldestAndItIsCounted() async throws {
        let server = ScriptedServer([ScriptedServer.microphone("mic")])
        let source = source(server)
        let stream = try await source.start()
        for _ in 0..<510 { server.give() }
        #expect(source.statistics.droppedByConsumer == 10)
        var chunks = stream.chunks.makeAsyncIterator()
        let first = try #require(try await chunks.next())
        #expect(first.captureTime >= MediaTime(seconds: 1000.19))
        await source.stop()
        #expect(try await chunks.next() == nil)
    }

    @Test func theLevelIsMeasured() async throws {
        let server = ScriptedServer([ScriptedServer.microphone("mic")])
        let source = source(server)
        _ = try await source.start()
        for _ in 0..<3 { server.give(16_384) }
        #expect(source.statistics.level.peak == 0.5 && abs(source.statistics.level.rms - 0.5) < 1e-6)
        await source.stop()
    }

    @Test func manyCyclesLeaveNothingOpen() async throws {
        let server = ScriptedServer([ScriptedServer.microphone("mic")])
        for _ in 0..<100 {
            let source = source(server)
            _ = try await source.start()
            server.give()
            await source.stop()
        }
        #expect(server.openRecordings == 0 && server.requests.count == 100)
    }
}
