import CInterhumanPulse
import InterhumanCore
import TestPrograms
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
    @Test func listsSourcesWithDefaultAndMonitor() async throws {
        let daemon = try await PulseDaemon()
        #expect(await daemon.control("set-default-source", "tone"))
        let microphones = try daemon.server.microphones(until: StopSignal())
        let tone = try #require(microphones.first { $0.id == "tone" })
        #expect(tone.isDefault && !tone.isMonitor && !tone.isMuted)
        #expect(tone.format.sampleRate == 48_000)
        let monitor = try #require(microphones.first { $0.id == "room.monitor" })
        #expect(monitor.isMonitor && !monitor.isDefault && !monitor.name.isEmpty)
    }

    @Test func changesOfTheListAreToldAndTheServersEnd() async throws {
        let daemon = try await PulseDaemon(modules: ["module-null-source source_name=first rate=48000"])
        var lists = MicrophoneChanges.sequence(address: daemon.address).makeAsyncIterator()
        #expect(try await lists.next()?.map(\.id) == ["first"])
        #expect(await daemon.control("load-module", "module-null-source", "source_name=second"))
        while let list = try await lists.next(), !list.contains(where: { $0.id == "second" }) {}
        await daemon.kill()
        let error = await #expect(throws: CaptureError.self) { while try await lists.next() != nil {} }
        #expect(error?.code == .audioServerUnavailable)
    }

    /// What happens to a recording before the tone is played.
    enum Disturbance: CaseIterable {
        case none, suspended, moved, restarted
    }

    @Test(arguments: Disturbance.allCases)
    func aToneArrivesWithItsFrequencyLevelAndTime(after disturbance: Disturbance) async throws {
        let daemon = try await PulseDaemon()
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
            #expect(await daemon.control("suspend-sink", "room", "1"))
            await wait(for: .suspended)
            #expect(await daemon.control("suspend-sink", "room", "0"))
            await wait(for: .resumed)
        case .moved:
            #expect(await daemon.control("move-source-output", "0", "tone"))
            await wait(for: .moved(to: "tone"))
            #expect(await daemon.control("move-source-output", "0", "room.monitor"))
            await wait(for: .moved(to: "room.monitor"))
        case .restarted:
            await daemon.kill()
            while let event = await events.next() { if case .lost = event { break } }
            try await daemon.start()
            await wait(for: .returned)
        }
    }

    @Test func theServerDescribesItself() async throws {
        let daemon = try await PulseDaemon()
        #expect(await daemon.control("set-default-source", "tone"))
        let server = try daemon.server.description()
        #expect(server.name == "pulseaudio" && !server.version.isEmpty)
        #expect(server.address.hasSuffix("/native") && server.defaultSource == "tone")
    }

    /// 20 times, or as often as INTERHUMAN_PULSE_CYCLES says, in a process of its own.
    @Test func manyCyclesLeaveNothingBehind() async throws {
        let daemon = try await PulseDaemon()
        let count = getenv("INTERHUMAN_PULSE_CYCLES").map { String(cString: $0) } ?? "20"
        let program = try RunningProgram(
            try Command.built("CaptureCycles"), ["microphone", "tone", count],
            environment: ["PULSE_SERVER": daemon.address])
        let report = await program.output.text()
        #expect(await program.waitUntilExit() == 0, "\(report)")
    }

    @Test func aSuspendedSourceGivesSilenceOnTheSameTimeline() async throws {
        let daemon = try await PulseDaemon(modules: ["module-null-source source_name=quiet rate=48000"])
        let source = MicrophoneSource("quiet", configuration: MicrophoneConfiguration(), server: daemon.server)
        let listener = Listener(try await source.start())
        var events = source.events.makeAsyncIterator()
        #expect(await daemon.control("suspend-source", "quiet", "1"))
        while let event = await events.next(), event != .suspended {}
        let suspended = SystemClock().now
        #expect(await daemon.control("suspend-source", "quiet", "0"))
        while let event = await events.next(), event != .resumed {}
        let gap = SystemClock().now - suspended
        let recorded = try await listener.heard(until: .milliseconds(500))
        // The filler stays a quarter of a second behind; the rest comes with the first samples.
        #expect(Double(source.statistics.filled) > (gap.inSeconds - 0.3) * 48_000)
        await source.stop()
        #expect(recorded.gaps == 0, "\(recorded.firstGap), \(source.statistics)")
    }

    @Test func aServerThatIsKilledAndComesBackIsFollowed() async throws {
        let daemon = try await PulseDaemon(modules: ["module-null-source source_name=quiet rate=48000"])
        let source = MicrophoneSource("quiet", configuration: MicrophoneConfiguration(), server: daemon.server)
        let listener = Listener(try await source.start())
        var events = source.events.makeAsyncIterator()
        await daemon.kill()
        while let event = await events.next() { if case .lost = event { break } }
        try await daemon.start()
        while let event = await events.next(), event != .returned {}
        let recorded = try await listener.heard(until: .milliseconds(500))
        await source.stop()
        #expect(recorded.gaps == 0, "\(recorded.firstGap), \(source.statistics)")
        #expect(source.statistics.restarts >= 1)
    }

    @Test func aServerThatStaysAwayEndsTheChunksWithAnError() async throws {
        let daemon = try await PulseDaemon(modules: ["module-null-source source_name=quiet rate=48000"])
        var configuration = MicrophoneConfiguration()
        configuration.reconnectTimeout = .zero
        let source = MicrophoneSource("quiet", configuration: configuration, server: daemon.server)
        let stream = try await source.start()
        await daemon.kill()
        let error = await #expect(throws: CaptureError.self) { for try await _ in stream.chunks {} }
        #expect(error?.code == .audioServerUnavailable)
        await source.stop()
    }

    @Test func aMoveToAnotherSourceIsAnEventAndNoHole() async throws {
        let daemon = try await PulseDaemon(modules: [
            "module-null-source source_name=first rate=48000", "module-null-source source_name=second rate=48000",
        ])
        let source = MicrophoneSource("first", configuration: MicrophoneConfiguration(), server: daemon.server)
        let listener = Listener(try await source.start())
        var events = source.events.makeAsyncIterator()
        #expect(await daemon.control("move-source-output", "0", "second"))
        while let event = await events.next(), event != .moved(to: "second") {}
        let recorded = try await listener.heard(until: .milliseconds(300))
        await source.stop()
        #expect(recorded.gaps == 0, "\(recorded.firstGap), \(source.statistics)")
    }

    @Test func muteIsAnEvent() async throws {
        let daemon = try await PulseDaemon(modules: ["module-null-source source_name=quiet rate=48000"])
        let source = MicrophoneSource("quiet", configuration: MicrophoneConfiguration(), server: daemon.server)
        _ = try await source.start()
        var events = source.events.makeAsyncIterator()
        #expect(await daemon.control("set-source-mute", "quiet", "1"))
        while let event = await events.next(), event != .muted(true) {}
        #expect(await daemon.control("set-source-mute", "quiet", "0"))
        #expect(await events.next() == .muted(false))
        await source.stop()
    }

    @Test func theDefaultSourceIsFollowed() async throws {
        let daemon = try await PulseDaemon(modules: [
            "module-null-source source_name=first rate=48000", "module-null-source source_name=second rate=48000",
            "module-null-sink sink_name=room rate=48000",
        ])
        #expect(await daemon.control("set-default-source", "first"))
        // The server doesn't move the recording, as it may otherwise, and to a monitor, too.
        var configuration = MicrophoneConfiguration()
        configuration.mayMove = false
        let source = MicrophoneSource(nil, configuration: configuration, server: daemon.server)
        let stream = try await source.start()
        #expect(stream.description.hasPrefix("first:"))
        var events = source.events.makeAsyncIterator()
        // A monitor isn't.
        #expect(await daemon.control("set-default-source", "room.monitor"))
        #expect(await daemon.control("set-default-source", "second"))
        while let event = await events.next() {
            guard case .moved(let name) = event else { continue }
            #expect(name == "second")
            break
        }
        await source.stop()
    }

    @Test func aCallOnADeadConnectionIsAServerThatIsGone() {
        #expect(PulseFault.error(Int32(PA_ERR_BADSTATE.rawValue), operation: "list").code == .audioServerUnavailable)
    }

    @Test func anUnreachableServerNamesWhatToSet() {
        let error = #expect(throws: CaptureError.self) {
            try PulseServer(address: "unix:/nonexistent/native").microphones(until: StopSignal())
        }
        #expect(error?.code == .audioServerUnavailable)
        #expect(error?.message.contains("PULSE_SERVER") == true)
        #expect(error?.message.contains("XDG_RUNTIME_DIR") == true)
    }

    @Test func aSourceThatIsNotThereIsNotFoundAndTheOthersAreNamed() async throws {
        let daemon = try await PulseDaemon()
        let source = MicrophoneSource("nosuch", configuration: MicrophoneConfiguration(), server: daemon.server)
        let error = await #expect(throws: CaptureError.self) { try await source.start() }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("tone") == true)
    }
}
