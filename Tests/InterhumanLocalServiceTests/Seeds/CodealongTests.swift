import Foundation
import InterhumanCore
import InterhumanEncode
import InterhumanLocalService
import InterhumanTransport
import InterhumanWire
import TestPrograms
import Testing

/// What the codealong's programs run on.
private enum Codealong {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        .standardizedFileURL.path(percentEncoded: false)
    static let python = root + "/.build/codealong-venv/bin/python"
    static let hasOpenCV = FileManager.default.isExecutableFile(atPath: python)
    static let hasChromium = FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium")
}

/// The vendor's codealong, word for word but for URL, key and trust: `Tests/Seeds`.
///
/// Both programs run in real time. Generation A is what their page describes, C what the service sends today.
@Suite("The vendor's codealong", .serialized, .timeLimit(.minutes(10)))
struct CodealongTests {
    private static let key = "codealong-key"

    private let directory: TemporaryDirectory
    private let certificate: LocalCertificate

    init() throws {
        directory = try TemporaryDirectory()
        certificate = try LocalCertificate.loadOrCreate(in: directory.file("certificate"))
    }

    private func service(_ dialect: EnvelopeDialect, _ log: EventLog) async throws -> LocalService {
        try await LocalService.start(
            LocalServiceConfiguration(
                tls: TLSServerConfiguration(
                    certificateChainPath: certificate.chainPath, privateKeyPath: certificate.keyPath),
                apiKey: Credential(Self.key), dialect: dialect, observer: log.observer))
    }

    private struct Message: Decodable {
        struct Content: Decodable {
            struct Signal: Decodable {
                var rationale: String
            }

            var code: String?
            var signals: [Signal]?
        }

        var type: String
        var data: Content
    }

    private func check(_ messages: [Message], _ dialect: EnvelopeDialect, isSilent: Bool) {
        let types = Set(messages.map(\.type))
        #expect(types.isSuperset(of: ["engagement.updated", "conversation_quality.updated"]), "\(types)")
        #expect(types.contains("session.ready") == (dialect == .current))
        #expect(messages.compactMap(\.data.code) == (isSilent ? ["ih5008"] : []))
        if dialect == .legacySegments {
            #expect(messages.filter { $0.type == "signal.detected" }.allSatisfy { $0.data.signals?.isEmpty == false })
        }
    }

    @Test(
        "in Python, with a file in place of the camera",
        .enabled(if: Codealong.hasOpenCV, "NOT TESTED in Python: run Tests/Seeds/prepare.sh, which says why."),
        arguments: [EnvelopeDialect.current, .legacySegments])
    func pythonProgram(dialect: EnvelopeDialect) async throws {
        let segments = try await EncodedMedia.lively.value
        let file = directory.file("camera.webm")
        try Data(segments[0].header + segments.flatMap(\.body)).write(to: URL(filePath: file))
        let log = EventLog()
        let service = try await service(dialect, log)
        let run = try await FinishedProgram.run(
            "/usr/bin/env",
            [
                Codealong.python, Codealong.root + "/Tests/Seeds/codealong.py", service.baseURL + "/v1/stream/analyze",
                file, "4",
            ],
            environment: ["API_KEY": Self.key, "SSL_CERT_FILE": certificate.authorityPath])
        #expect(run.status == 0, "\(run.errors)")
        let messages = try run.output.split(separator: "\n").map {
            try JSONDecoder().decode(Message.self, from: Data($0.utf8))
        }
        // Its files have no sound.
        check(messages, dialect, isSilent: true)
        let statistics = try #require(await log.sessionEnded()?.statistics)
        #expect(statistics.segmentCount == 4)
        #expect(statistics.videoFrameCount > 80)
        #expect(statistics.mediaSeconds > 9)
        await service.shutdown()
    }

    private struct BrowserReport: Decodable {
        struct Told: Decodable {
            var type: String
            var message: Message

            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                type = try container.decode(String.self)
                message = try container.decode(Message.self)
            }
        }

        var told: [Told]
        var code: Int
    }

    @Test(
        "in Chromium, with its fake camera and microphone",
        .enabled(
            if: Codealong.hasChromium, "NOT TESTED in a browser: CHROMIUM IS NOT INSTALLED. apt-get install chromium"),
        arguments: [EnvelopeDialect.current, .legacySegments])
    func browserProgram(dialect: EnvelopeDialect) async throws {
        let log = EventLog()
        let service = try await service(dialect, log)
        let run = try await FinishedProgram.run(
            "/usr/bin/env",
            [
                "python3", Codealong.root + "/Tests/Seeds/browser.py", service.baseURL + "/v1/stream/analyze", Self.key,
                "16", certificate.chainPath,
            ])
        #expect(run.status == 0, "\(run.errors)")
        let report = try JSONDecoder().decode(BrowserReport.self, from: Data(run.output.utf8))
        #expect(report.told.allSatisfy { $0.type == $0.message.type })
        check(report.told.map(\.message), dialect, isSilent: false)
        let statistics = try #require(await log.sessionEnded()?.statistics)
        #expect(statistics.segmentCount >= 4)
        #expect(statistics.videoFrameCount > 80)
        #expect(statistics.audioSampleCount > 400_000)
        await service.shutdown()
    }
}
