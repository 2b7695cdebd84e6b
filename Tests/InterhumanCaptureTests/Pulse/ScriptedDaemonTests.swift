import CInterhumanPulse
import InterhumanCore
import Testing

@testable import InterhumanCapture

/// libpulse against a server that goes wrong at one request.
@Suite(.timeLimit(.minutes(1))) struct ScriptedDaemonTests {
    @Test(arguments: [NativeProtocol.Command.authenticate, .getServerInfo, .getSourceInfoList, .createRecordStream])
    func aStopEndsTheStartAtAServerThatDoesNotAnswer(_ command: NativeProtocol.Command) async throws {
        let daemon = try ScriptedDaemon(at: command, .silence)
        let source = MicrophoneSource(nil, configuration: MicrophoneConfiguration(), server: daemon.server)
        let starting = Task { try await source.start().description }
        await daemon.reached.value()
        await source.stop()
        // libpulse's own end of the wait would be a server that can't be reached.
        let error = await #expect(throws: CaptureError.self) { try await starting.value }
        #expect(error?.code == .cancelled)
    }

    @Test(arguments: [NativeProtocol.Command.authenticate, .getServerInfo, .getSourceInfoList])
    func aServerThatHangsUpIsUnavailableRatherThanWithoutMicrophones(_ command: NativeProtocol.Command) throws {
        let daemon = try ScriptedDaemon(at: command, .hangsUp)
        let error = #expect(throws: CaptureError.self) { try daemon.server.microphones(until: StopSignal()) }
        #expect(error?.code == .audioServerUnavailable)
    }

    @Test(arguments: [NativeProtocol.Command.getServerInfo, .getSourceInfoList])
    func anErrorIsNoAnswer(_ command: NativeProtocol.Command) throws {
        let daemon = try ScriptedDaemon(at: command, .error(UInt32(PA_ERR_ACCESS.rawValue)))
        let error = #expect(throws: CaptureError.self) { try daemon.server.microphones(until: StopSignal()) }
        #expect(error?.code == .permissionDenied)
    }

    @Test func theServersOwnWordsAreTakenOver() throws {
        let daemon = try ScriptedDaemon(at: .createRecordStream, .error(UInt32(PA_ERR_BUSY.rawValue)))
        let microphones = try daemon.server.microphones(until: StopSignal())
        #expect(microphones.map(\.id) == ["mic"] && microphones.first?.isDefault == true)
        let request = RecordRequest(
            source: "mic", format: AudioFormat(sampleRate: 48_000, channelCount: 1), fragment: .milliseconds(20),
            mayMove: true)
        let error = #expect(throws: CaptureError.self) {
            try daemon.server.record(request, until: StopSignal()) { _ in }
        }
        #expect(error?.code == .busy)
    }
}
