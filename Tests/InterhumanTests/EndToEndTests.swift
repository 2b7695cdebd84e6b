import Foundation
import Interhuman
import InterhumanLocalService
import TestPrograms
import Testing

/// The whole way, with real sockets, TLS, codecs and the local service.
@Suite struct EndToEndTests {
    /// A local service with a certificate of its own that keeps what it gets.
    private struct Fixture {
        let directory: TemporaryDirectory
        let certificate: LocalCertificate
        let service: LocalService

        init(apiKey: String = "right-key") async throws {
            directory = try TemporaryDirectory()
            certificate = try LocalCertificate.loadOrCreate(in: directory.file("certificate"))
            service = try await LocalService.start(
                LocalServiceConfiguration(
                    tls: TLSServerConfiguration(
                        certificateChainPath: certificate.chainPath, privateKeyPath: certificate.keyPath),
                    apiKey: Credential(apiKey), recordingDirectory: directory.path))
        }

        func session(
            version: ServiceEndpoint.Version = .v1, key: String = "right-key", trust: LocalCertificate? = nil,
            seconds: Int = 10
        ) throws -> StreamSession {
            let start = SystemClock().now
            return StreamSession.live(
                configuration: StreamSession.Configuration(
                    credentials: StaticCredential(Credential(key)),
                    endpoint: try ServiceEndpoint(baseURL: service.baseURL, version: version)),
                video: TestPatternVideoSource(frameCount: seconds * 15, pacing: .asFastAsPulled, base: start),
                audio: VoiceLikeAudioSource(chunkCount: seconds * 50, pacing: .asFastAsPulled, base: start),
                tls: TLSConfiguration(trustedCertificates: [.file(path: (trust ?? certificate).authorityPath)]))
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: ServiceEndpoint.Version.allCases)
    func mediaGoesOutAndTypedEventsComeBack(version: ServiceEndpoint.Version) async throws {
        let fixture = try await Fixture()
        var events: [SessionEvent] = []
        for try await event in try await fixture.session(version: version).start() {
            events.append(event)
        }
        await fixture.service.shutdown()

        var signals: [SignalObservation] = []
        var (engagement, quality, frames, samples) = (0, 0, 0, 0)
        for event in events {
            switch event.kind {
            case .signalDetected(let found): signals += found.map(\.value)
            case .engagement: engagement += 1
            case .conversationQuality: quality += 1
            case .segmentSent(let segment):
                frames += segment.videoFrameCount
                samples += segment.audioSampleCount
            default: break
            }
        }
        #expect(!signals.isEmpty)
        #expect(signals.allSatisfy { $0.rationale?.isEmpty == false && ($0.modality == nil) == (version == .v2) })
        #expect(engagement > 0)
        #expect(quality > 0)
        #expect(frames == 150)
        #expect(samples == 480_000)
        guard case .ended(let summary) = events.last?.kind, case .sessionEnded(let reason) = summary.completion else {
            Issue.record("the last event is \(String(describing: events.last))")
            return
        }
        #expect(reason == "client_shutdown")
        #expect(summary.segmentsDropped == 0)
    }

    @Test(.timeLimit(.minutes(2))) func theMessagesJoinedAreOneWebM() async throws {
        let fixture = try await Fixture()
        for try await _ in try await fixture.session().start() {}
        await fixture.service.shutdown()

        let webM = try #require(try fixture.directory.files(ending: ".webm").first)
        let strict = try await FinishedProgram.run(
            "/usr/bin/ffmpeg", ["-v", "warning", "-xerror", "-err_detect", "explode", "-i", webM, "-f", "null", "-"])
        #expect(strict.status == 0)
        #expect(strict.errors.isEmpty)
        #expect(try await firstTime(of: "v:0", in: webM) == 0)
        #expect(try await abs(firstTime(of: "a:0", in: webM)) < 0.001)
        let keyframes = try await lines(
            ["-select_streams", "v:0", "-count_frames", "-show_entries", "stream=nb_read_frames"], of: webM)
        #expect(keyframes == ["150"])
    }

    @Test(.timeLimit(.minutes(2))) func everyMessageIsLedByAKeyframe() async throws {
        let fixture = try await Fixture()
        for try await _ in try await fixture.session().start() {}
        await fixture.service.shutdown()

        let messages = try Self.messages(in: fixture.directory)
        #expect(messages.count >= 3)
        let cluster = Data([0x1F, 0x43, 0xB6, 0x75])
        let first = try #require(messages.first)
        let header = first[..<(try #require(first.range(of: cluster)).lowerBound)]
        for (index, message) in messages.enumerated() {
            let alone = fixture.directory.file("message-\(index).webm")
            try Data(index == 0 ? message : header + message).write(to: URL(filePath: alone))
            #expect(index == 0 || message.starts(with: cluster), "message \(index) does not begin with a cluster")
            let flags = try await lines(
                ["-select_streams", "v:0", "-show_entries", "packet=flags"], of: alone)
            #expect(flags.first?.contains("K") == true, "message \(index) begins with \(flags.first ?? "nothing")")
            #expect(flags.filter { $0.contains("K") }.count == 1)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aWrongKeyIsRefused() async throws {
        let fixture = try await Fixture()
        let error = await #expect(throws: SessionError.self) {
            _ = try await fixture.session(key: "wrong-key").start()
        }
        #expect(error?.code == .credential)
        #expect(error?.description.contains("wrong-key") == false)
        await fixture.service.shutdown()
    }

    @Test(.timeLimit(.minutes(1))) func aCertificateOfAnotherAuthorityIsRefused() async throws {
        let fixture = try await Fixture()
        let other = try LocalCertificate.loadOrCreate(in: fixture.directory.file("other"))
        let error = await #expect(throws: SessionError.self) {
            _ = try await fixture.session(trust: other).start()
        }
        guard case .connection(let cause) = error?.cause else {
            Issue.record("the cause is \(String(describing: error?.cause))")
            return
        }
        #expect(cause.code == .certificateRejected)
        await fixture.service.shutdown()
    }

    /// Time of a track's first frame, in seconds, as ffprobe reads it.
    private func firstTime(of track: String, in path: String) async throws -> Double {
        let times = try await lines(
            ["-select_streams", track, "-read_intervals", "%+#1", "-show_entries", "frame=pts_time"], of: path)
        return try #require(times.first.flatMap { Double($0.prefix { $0 != "," }) })
    }

    /// What ffprobe prints, a line each.
    private func lines(_ arguments: [String], of path: String) async throws -> [String] {
        let result = try await FinishedProgram.run(
            "/usr/bin/ffprobe", ["-v", "error"] + arguments + ["-of", "csv=p=0", path])
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        return result.output.split(separator: "\n").map(String.init)
    }

    /// The binary messages that the service got.
    private static func messages(in directory: TemporaryDirectory) throws -> [Data] {
        let joined = try Data(contentsOf: URL(filePath: try #require(try directory.files(ending: ".webm").first)))
        let sizes = try String(
            contentsOf: URL(filePath: try #require(try directory.files(ending: ".jsonl").first)), encoding: .utf8)
        var offset = 0
        return try sizes.split(separator: "\n").map { line in
            let entry = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let size = try #require(entry["bytes"] as? Int)
            defer { offset += size }
            return joined.subdata(in: offset..<(offset + size))
        }
    }
}
