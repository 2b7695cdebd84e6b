import InterhumanCore
import Testing

@testable import InterhumanCapture

/// Microphones over PipeWire's pulse server, which each test starts for itself.
@Suite(
    .enabled(if: PipeWireDaemon.isInstalled, "pipewire, pipewire-pulse, wireplumber or dbus are not installed"),
    .timeLimit(.minutes(5)))
struct PipeWireTests {
    @Test func listsSourcesAndNamesItself() async throws {
        let daemon = try await PipeWireDaemon()
        let microphones = try daemon.server.microphones(until: StopSignal())
        #expect(microphones.first { $0.id == "room.monitor" }?.isMonitor == true)
        #expect(microphones.first { $0.id == "quiet" }?.isMonitor == false)
        #expect(try daemon.server.description().name.contains("PipeWire"))
    }

    @Test func aToneArrivesWithItsFrequencyLevelAndTime() async throws {
        let daemon = try await PipeWireDaemon()
        let source = MicrophoneSource("room.monitor", configuration: MicrophoneConfiguration(), server: daemon.server)
        let stream = try await source.start()
        // PipeWire works in blocks of 1,024 samples and doesn't tell where in one a sample was: 21 ms more.
        try await Heard.tone(by: source, of: stream, from: daemon.address, sink: "room", within: 0.042)
    }

    @Test func muteIsAnEvent() async throws {
        let daemon = try await PipeWireDaemon()
        let source = MicrophoneSource("quiet", configuration: MicrophoneConfiguration(), server: daemon.server)
        let stream = try await source.start()
        var frames = stream.chunks.makeAsyncIterator()
        for _ in 0..<10 { #expect(try await frames.next() != nil) }
        var events = source.events.makeAsyncIterator()
        #expect(await daemon.control("set-source-mute", "quiet", "1"))
        while let event = await events.next(), event != .muted(true) {}
        await source.stop()
    }

    @Test func aServerThatEndsIsALoss() async throws {
        let daemon = try await PipeWireDaemon()
        var configuration = MicrophoneConfiguration()
        configuration.reconnectTimeout = .zero
        let source = MicrophoneSource("quiet", configuration: configuration, server: daemon.server)
        let stream = try await source.start()
        await daemon.kill()
        let error = await #expect(throws: CaptureError.self) { for try await _ in stream.chunks {} }
        #expect(error?.code == .audioServerUnavailable)
        await source.stop()
    }
}
