import InterhumanCore
import Testing

@testable import InterhumanCapture

/// Microphones over a real PulseAudio daemon that each test starts for itself.
@Suite(.enabled(if: PulseDaemon.isInstalled, "pulseaudio and pactl are not installed"), .timeLimit(.minutes(1)))
struct PulseAudioTests {
    @Test func listsSourcesWithDefaultAndMonitor() throws {
        let daemon = try PulseDaemon()
        #expect(daemon.control("set-default-source", "tone"))
        let microphones = try daemon.server.microphones()
        let tone = try #require(microphones.first { $0.id == "tone" })
        #expect(tone.isDefault && !tone.isMonitor && !tone.isMuted)
        #expect(tone.format.sampleRate == 48_000)
        let monitor = try #require(microphones.first { $0.id == "room.monitor" })
        #expect(monitor.isMonitor && !monitor.isDefault && !monitor.name.isEmpty)
    }

    @Test func changesOfTheListAreToldAndTheServersEnd() async throws {
        let daemon = try PulseDaemon(modules: ["module-null-source source_name=first rate=48000"])
        var lists = MicrophoneChanges.sequence(address: daemon.address).makeAsyncIterator()
        #expect(try await lists.next()?.map(\.id) == ["first"])
        #expect(daemon.control("load-module", "module-null-source", "source_name=second"))
        while let list = try await lists.next(), !list.contains(where: { $0.id == "second" }) {}
        daemon.kill()
        let error = await #expect(throws: CaptureError.self) { while try await lists.next() != nil {} }
        #expect(error?.code == .audioServerUnavailable)
    }

    @Test func aToneArrivesWithItsFrequencyLevelAndTime() async throws {
        let daemon = try PulseDaemon()
        let source = MicrophoneSource("room.monitor", configuration: MicrophoneConfiguration(), server: daemon.server)
        let stream = try await source.start()
        #expect(stream.description.contains("fragments of 20 ms, got fragments of 20 ms"))
        let player = try PulsePlayer(address: daemon.address, sink: "room")
        // The tone comes after a second of silence: until then the sink, which renders two seconds ahead when nobody
        // hurries it, has settled.
        try player.play([Int16](repeating: 0, count: 48_000) + Tone.sine(440, count: 24_000, amplitude: 16_000))
        var chunks: [AudioChunk] = []
        var heard: MediaTime?
        for try await chunk in stream.chunks {
            chunks.append(chunk)
            // Asked again until shortly before: a busy machine may delay what is to come.
            let isNear = heard.map { $0 - SystemClock().now < .milliseconds(100) } ?? false
            if chunks.count >= 20, !isNear { heard = try player.time(of: 48_000) }
            if let heard, chunk.captureTime - heard > .milliseconds(500) { break }
        }
        await source.stop()
        let recorded = Recorded(chunks, format: stream.format)
        #expect(recorded.gaps == 0)
        let onset = try #require(recorded.samples.firstIndex { abs(Int($0)) > 1_000 })
        let error = (recorded.time(of: onset) - (try #require(heard))).inSeconds
        #expect(abs(error) < 0.02, "the onset is off by \(error) s")
        let tone = Array(recorded.samples[(onset + 2_400)..<(onset + 19_200)])
        #expect(abs(Tone.frequency(tone) - 440) < 1)
        let peak = tone.map { abs(Int($0)) }.max() ?? 0
        #expect((15_500...16_500).contains(peak))
    }

    @Test func aSuspendedSourceGivesSilenceOnTheSameTimeline() async throws {
        let daemon = try PulseDaemon(modules: ["module-null-source source_name=quiet rate=48000"])
        let source = MicrophoneSource("quiet", configuration: MicrophoneConfiguration(), server: daemon.server)
        let stream = try await source.start()
        var events = source.events.makeAsyncIterator()
        var chunks: [AudioChunk] = []
        var frames = stream.chunks.makeAsyncIterator()
        while chunks.count < 10, let chunk = try await frames.next() { chunks.append(chunk) }
        #expect(daemon.control("suspend-source", "quiet", "1"))
        while let event = await events.next(), event != .suspended {}
        let suspended = SystemClock().now
        // Half a second and more of it comes from nobody but the filler.
        while let chunk = try await frames.next() {
            chunks.append(chunk)
            if chunk.captureTime - suspended > .milliseconds(500) { break }
        }
        #expect(source.statistics.filled > 20_000)
        #expect(daemon.control("suspend-source", "quiet", "0"))
        while let event = await events.next(), event != .resumed {}
        let resumed = SystemClock().now
        while let chunk = try await frames.next() {
            chunks.append(chunk)
            if chunk.captureTime - resumed > .milliseconds(500) { break }
        }
        await source.stop()
        #expect(Recorded(chunks, format: stream.format).gaps == 0)
    }

    @Test func aServerThatIsKilledAndComesBackIsFollowed() async throws {
        let daemon = try PulseDaemon(modules: ["module-null-source source_name=quiet rate=48000"])
        let source = MicrophoneSource("quiet", configuration: MicrophoneConfiguration(), server: daemon.server)
        let stream = try await source.start()
        var events = source.events.makeAsyncIterator()
        var chunks: [AudioChunk] = []
        var frames = stream.chunks.makeAsyncIterator()
        while chunks.count < 10, let chunk = try await frames.next() { chunks.append(chunk) }
        daemon.kill()
        while let event = await events.next() { if case .lost = event { break } }
        try daemon.start()
        while let event = await events.next(), event != .returned {}
        let returned = SystemClock().now
        while let chunk = try await frames.next() {
            chunks.append(chunk)
            if chunk.captureTime - returned > .milliseconds(500) { break }
        }
        await source.stop()
        #expect(Recorded(chunks, format: stream.format).gaps == 0)
        #expect(source.statistics.restarts == 1)
    }

    @Test func aServerThatStaysAwayEndsTheChunksWithAnError() async throws {
        let daemon = try PulseDaemon(modules: ["module-null-source source_name=quiet rate=48000"])
        var configuration = MicrophoneConfiguration()
        configuration.reconnectTimeout = .zero
        let source = MicrophoneSource("quiet", configuration: configuration, server: daemon.server)
        let stream = try await source.start()
        daemon.kill()
        let error = await #expect(throws: CaptureError.self) { for try await _ in stream.chunks {} }
        #expect(error?.code == .audioServerUnavailable)
        await source.stop()
    }

    @Test func aMoveToAnotherSourceIsAnEventAndNoHole() async throws {
        let daemon = try PulseDaemon(modules: [
            "module-null-source source_name=first rate=48000", "module-null-source source_name=second rate=48000",
        ])
        let source = MicrophoneSource("first", configuration: MicrophoneConfiguration(), server: daemon.server)
        let stream = try await source.start()
        var events = source.events.makeAsyncIterator()
        var chunks: [AudioChunk] = []
        var frames = stream.chunks.makeAsyncIterator()
        while chunks.count < 10, let chunk = try await frames.next() { chunks.append(chunk) }
        #expect(daemon.control("move-source-output", "0", "second"))
        while let event = await events.next(), event != .moved(to: "second") {}
        let moved = SystemClock().now
        while let chunk = try await frames.next() {
            chunks.append(chunk)
            if chunk.captureTime - moved > .milliseconds(300) { break }
        }
        await source.stop()
        #expect(Recorded(chunks, format: stream.format).gaps == 0)
    }

    @Test func muteIsAnEvent() async throws {
        let daemon = try PulseDaemon(modules: ["module-null-source source_name=quiet rate=48000"])
        let source = MicrophoneSource("quiet", configuration: MicrophoneConfiguration(), server: daemon.server)
        _ = try await source.start()
        var events = source.events.makeAsyncIterator()
        #expect(daemon.control("set-source-mute", "quiet", "1"))
        while let event = await events.next(), event != .muted(true) {}
        #expect(daemon.control("set-source-mute", "quiet", "0"))
        #expect(await events.next() == .muted(false))
        await source.stop()
    }

    @Test func theDefaultSourceIsFollowed() async throws {
        let daemon = try PulseDaemon(modules: [
            "module-null-source source_name=first rate=48000", "module-null-source source_name=second rate=48000",
        ])
        #expect(daemon.control("set-default-source", "first"))
        let source = MicrophoneSource(nil, configuration: MicrophoneConfiguration(), server: daemon.server)
        let stream = try await source.start()
        #expect(stream.description.hasPrefix("first:"))
        var events = source.events.makeAsyncIterator()
        var frames = stream.chunks.makeAsyncIterator()
        // Samples flow when the server has said what the default is.
        for _ in 0..<10 { _ = try await frames.next() }
        #expect(daemon.control("set-default-source", "second"))
        while let event = await events.next(), event != .moved(to: "second") {}
        await source.stop()
    }

    @Test func anUnreachableServerNamesWhatToSet() {
        let error = #expect(throws: CaptureError.self) {
            try PulseServer(address: "unix:/nonexistent/native").microphones()
        }
        #expect(error?.code == .audioServerUnavailable)
        #expect(error?.message.contains("PULSE_SERVER") == true)
        #expect(error?.message.contains("XDG_RUNTIME_DIR") == true)
    }

    @Test func aSourceThatIsNotThereIsNotFoundAndTheOthersAreNamed() async throws {
        let daemon = try PulseDaemon()
        let source = MicrophoneSource("nosuch", configuration: MicrophoneConfiguration(), server: daemon.server)
        let error = await #expect(throws: CaptureError.self) { try await source.start() }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("tone") == true)
    }
}
