import InterhumanCore
import Testing

@testable import InterhumanCapture

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Microphones over a real PulseAudio daemon that each test starts for itself.
@Suite(.enabled(if: PulseDaemon.isInstalled, "pulseaudio and pactl are not installed"), .timeLimit(.minutes(5)))
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

    /// What happens to a recording before the tone is played.
    enum Disturbance: CaseIterable {
        case none, suspended, moved, restarted
    }

    @Test(arguments: Disturbance.allCases)
    func aToneArrivesWithItsFrequencyLevelAndTime(after disturbance: Disturbance) async throws {
        let daemon = try PulseDaemon()
        let source = MicrophoneSource("room.monitor", configuration: MicrophoneConfiguration(), server: daemon.server)
        let stream = try await source.start()
        #expect(stream.description.contains("fragments of 20 ms, got fragments of 20 ms"))
        try await disturb(daemon, source, disturbance)
        try await Heard.tone(by: source, of: stream, from: daemon.address, sink: "room")
    }

    private func disturb(
        _ daemon: PulseDaemon, _ source: MicrophoneSource, _ disturbance: Disturbance
    ) async throws {
        var events = source.events.makeAsyncIterator()
        func wait(for event: MicrophoneEvent) async {
            while let next = await events.next(), next != event {}
        }
        switch disturbance {
        case .none: break
        case .suspended:
            // A monitor is suspended with its sink.
            #expect(daemon.control("suspend-sink", "room", "1"))
            await wait(for: .suspended)
            #expect(daemon.control("suspend-sink", "room", "0"))
            await wait(for: .resumed)
        case .moved:
            #expect(daemon.control("move-source-output", "0", "tone"))
            await wait(for: .moved(to: "tone"))
            #expect(daemon.control("move-source-output", "0", "room.monitor"))
            await wait(for: .moved(to: "room.monitor"))
        case .restarted:
            daemon.kill()
            while let event = await events.next() { if case .lost = event { break } }
            try daemon.start()
            await wait(for: .returned)
        }
    }

    @Test func theServerDescribesItself() throws {
        let daemon = try PulseDaemon()
        #expect(daemon.control("set-default-source", "tone"))
        let server = try daemon.server.description()
        #expect(server.name == "pulseaudio" && !server.version.isEmpty)
        #expect(server.address.hasSuffix("/native") && server.defaultSource == "tone")
    }

    /// 20 times, or as often as INTERHUMAN_PULSE_CYCLES says, in a process of its own.
    @Test func manyCyclesLeaveNothingBehind() throws {
        let daemon = try PulseDaemon()
        let count = getenv("INTERHUMAN_PULSE_CYCLES").map { String(cString: $0) } ?? "20"
        let status = Command.run(
            [try Command.built("CaptureCycles"), "microphone", "tone", count],
            environment: ["PULSE_SERVER": daemon.address])
        #expect(status == 0)
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
