import Foundation
import Interhuman
import InterhumanLocalService
import InterhumanTesting
import Synchronization
import TestPrograms
import Testing

/// What a session goes through with real sockets and codecs, short enough for every run.
@Suite struct LiveSessionTests {
    private func configuration(port: Int) throws -> StreamSession.Configuration {
        StreamSession.Configuration(
            credentials: StaticCredential(Credential("key")),
            endpoint: try ServiceEndpoint(baseURL: "ws://127.0.0.1:\(port)", version: .v1))
    }

    private func sources(seconds: Int) -> (video: TestPatternVideoSource, audio: VoiceLikeAudioSource) {
        let start = SystemClock().now
        return (
            TestPatternVideoSource(
                width: 160, height: 90, frameRate: 10, frameCount: seconds * 10, pacing: .asFastAsPulled, base: start),
            VoiceLikeAudioSource(chunkCount: seconds * 50, pacing: .asFastAsPulled, base: start)
        )
    }

    @Test(
        "the connection is cut in the last drain: all media went out, nothing is thrown, and what may be missing is told",
        .timeLimit(.minutes(2)), arguments: [true, false])
    func cutDrain(isCloseSent: Bool) async throws {
        let service = try await LocalService.start()
        let relay = try await Relay(to: service.port)
        let (video, audio) = sources(seconds: 7)
        let connector = DrainCuttingConnector(base: WebSocketConnector(), relay: relay, isCloseSent: isCloseSent)
        let run = try await FaultRun(
            StreamSession(
                configuration: try configuration(port: relay.port), video: video, audio: audio,
                encoderFactory: FFmpegSegmentEncoderFactory(), connector: connector))
        await service.shutdown()
        #expect(run.error == nil)
        try run.expectBalance(seconds: 7)
        #expect(run.summary?.timeLost == .zero)
        guard case .drainInterrupted(let error) = run.summary?.completion else {
            Issue.record("it ended with \(String(describing: run.summary?.completion))")
            return
        }
        #expect(error.code == .connection)
        let warnings = run.events.count { if case .warning(.drainInterrupted) = $0.kind { true } else { false } }
        #expect(warnings == 1)
    }

    @Test("a camera and a microphone that are unplugged for two seconds: filled, told, back", .timeLimit(.minutes(2)))
    func lostDevices() async throws {
        let service = try await LocalService.start()
        let clock = SystemClock()
        let start = clock.now
        let away = [TimeRange(start: start + .seconds(2), end: start + .seconds(4))]
        let session = StreamSession.live(
            configuration: try configuration(port: service.port),
            video: ArrayVideoSource(
                count: 70, frameRate: 10, base: start, isLive: true, interruptions: away, clock: clock),
            audio: ArrayAudioSource(
                count: 350, base: start, isLive: true,
                interruptions: [TimeRange(start: start + .seconds(3), end: start + .seconds(5))], clock: clock))
        let run = try await FaultRun(session)
        await service.shutdown()
        #expect(run.error == nil)
        try run.expectBalance(seconds: 7)
        #expect(run.count("disconnected") == 1)
        for track in MediaTrack.allCases {
            let told = run.events.compactMap { event -> Bool? in
                switch event.kind {
                case .sourceLost(track, _): true
                case .sourceReturned(track): false
                default: nil
                }
            }
            // A busy machine may hold the sources up besides; every loss has its return all the same.
            #expect(told.count >= 2 && told.count % 2 == 0 && told.first == true, "\(track): \(told)")
            #expect(!zip(told, told.dropFirst()).contains(where: ==))
        }
        // Of 70 frames 50 come, of 7 seconds of sound 5: the rest is filling.
        let segments = run.events.compactMap { if case .segmentSent(let segment) = $0.kind { segment } else { nil } }
        #expect(segments.reduce(0) { $0 + $1.videoFrameCount } > 52)
        #expect(segments.reduce(0) { $0 + $1.audioSampleCount } > 48_000 * 6)
    }

    @Test(
        "an error that the service went on after does not keep a lost connection from being replaced",
        .timeLimit(.minutes(2)))
    func lossAfterAnEarlierError() async throws {
        let connections = Atomic(0)
        let server = try await WebSocketServer.start(WebSocketServerConfiguration()) { exchange in
            guard let channel = try? await exchange.accept(subprotocol: nil, headers: []) else { return }
            let number = connections.wrappingAdd(1, ordering: .relaxed).newValue
            try? await channel.send(text: #"{"type":"session.ready","data":{}}"#)
            for await message in channel.messages {
                switch message {
                case .binary where number == 1:
                    try? await channel.send(text: #"{"type":"error","data":{"code":"ih2003","message":"No scope."}}"#)
                    try? await channel.send(text: #"{"type":"feedback.generated","data":{"feedback":"Well done."}}"#)
                    await channel.abort()
                case .text(let text) where text.contains("session.close"):
                    try? await channel.send(text: #"{"type":"session.ended","data":{"reason":"client_shutdown"}}"#)
                    await channel.close()
                default: break
                }
            }
        }
        let (video, audio) = sources(seconds: 7)
        let run = try await FaultRun(
            StreamSession(
                configuration: try configuration(port: server.port), video: video, audio: audio,
                encoderFactory: FFmpegSegmentEncoderFactory(), connector: WebSocketConnector()))
        await server.shutdown()
        #expect(run.error == nil)
        try run.expectBalance(seconds: 7)
        #expect(run.count("serviceError") == 1)
        #expect(run.count("reconnected") == 1)
        #expect(run.summary?.timeLost == .zero)
    }

    @Test("a recorded session against the local service replays byte for byte", .timeLimit(.minutes(2)))
    func recording() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("wire")
        let service = try await LocalService.start()
        let recorder = try WireRecorder(path: path)
        let (video, audio) = sources(seconds: 7)
        let first = try await FaultRun(
            StreamSession(
                configuration: try configuration(port: service.port), video: video, audio: audio,
                encoderFactory: FFmpegSegmentEncoderFactory(),
                connector: RecordingConnector(WebSocketConnector(), recorder: recorder)))
        await service.shutdown()
        try await recorder.finish()

        let recorded = try WireRecording(path: path)
        let replay = ReplayConnector(recorded)
        let (videoAgain, audioAgain) = sources(seconds: 7)
        let second = try await FaultRun(
            StreamSession(
                configuration: try configuration(port: 1), video: videoAgain, audio: audioAgain,
                encoderFactory: FFmpegSegmentEncoderFactory(), connector: replay))
        let messages = first.events.compactMap(\.message?.rawJSON)
        #expect(messages.count > 5)
        #expect(second.events.compactMap(\.message?.rawJSON) == messages)
        #expect(second.error == nil)
        // The muxer gives each file a random id in its header; all else is the same, to the byte.
        let header = try #require(
            recorded.entries.first { $0.kind == .segment }?.attributes["header"].flatMap { Int($0) })
        #expect(replay.differences.allSatisfy { $0.done == .segment && ($0.offset ?? .max) < header })
        #expect(replay.differences.count <= 1)
    }
}

/// Cuts the link when the session asks the service to finish, before or after the request went out.
private struct DrainCuttingConnector: AnalysisConnector {
    let base: WebSocketConnector
    let relay: Relay
    let isCloseSent: Bool

    func connect(_ request: ConnectionRequest) async throws(ConnectionError) -> any AnalysisConnection {
        Connection(base: try await base.connect(request), relay: relay, isCloseSent: isCloseSent)
    }

    private struct Connection: AnalysisConnection {
        let base: any AnalysisConnection
        let relay: Relay
        let isCloseSent: Bool

        var correlationID: String? { base.correlationID }
        var events: MediaSequence<ConnectionEvent, Never> { base.events }

        func send(_ configuration: SessionConfiguration) async throws(ConnectionError) {
            try await base.send(configuration)
        }

        func send(_ segment: MediaSegment, includingHeader: Bool) async throws(ConnectionError) {
            try await base.send(segment, includingHeader: includingHeader)
        }

        func requestClose() async throws(ConnectionError) {
            if isCloseSent {
                // The service's answers are held back, so that it can't be done before the cut.
                relay.holdAnswers()
                try await base.requestClose()
                relay.cut()
            } else {
                relay.cut()
                try await base.requestClose()
            }
        }

        func close() async {
            await base.close()
        }
    }
}
