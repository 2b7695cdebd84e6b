import Foundation
import Interhuman
import InterhumanLocalService
import TestPrograms
import Testing

@testable import interhuman

/// What `interhuman doctor` says of the service, and of devices that can't be had in a test.
@Suite(.timeLimit(.minutes(2))) struct DoctorTests {
    private static let key = "sekret-0123456789"

    /// The findings of the program against a service, by what was looked at.
    private func findings(_ arguments: [String], key: String = key) async throws -> [String: Finding] {
        let result = try await FinishedProgram.run(
            try BuiltExecutable.path(of: "interhuman"), ["doctor", "--json"] + arguments,
            environment: ["INTERHUMAN_API_KEY": key, "PULSE_SERVER": "unix:/nonexistent/native"])
        #expect(!(result.output + result.errors).contains(Self.key))
        struct Document: Decodable {
            struct Check: Decodable {
                let check, status, finding: String
                let remedy: String?
            }
            let checks: [Check]
        }
        let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
        return Dictionary(
            document.checks.compactMap { check in
                Finding.Status(rawValue: check.status).map {
                    (check.check, Finding(check: check.check, status: $0, finding: check.finding, remedy: check.remedy))
                }
            }, uniquingKeysWith: { first, _ in first })
    }

    @Test func aServiceThatTakesTheKeyIsFine() async throws {
        let service = try await LocalService.start(LocalServiceConfiguration(apiKey: Credential(Self.key)))
        let found = try await findings(["--url", service.baseURL])
        #expect(found["service"]?.status == .ok && found["service"]?.finding.contains("session.ready") == true)
        #expect(found["clock skew"]?.status == .ok)
        #expect(found["speed"] != nil && found["clock"]?.status == .ok)
        await service.shutdown()
    }

    @Test func aRefusedKeyIsNamedWithTheRemedy() async throws {
        let service = try await LocalService.start(LocalServiceConfiguration(apiKey: Credential("another")))
        let found = try await findings(["--url", service.baseURL])
        #expect(found["service"]?.status == .problem && found["service"]?.finding.contains("ih2001") == true)
        #expect(found["service"]?.remedy?.contains("INTERHUMAN_API_KEY") == true)
        await service.shutdown()
    }

    @Test func aServiceThatIsNotThereAndAMissingKeyAreNamed() async throws {
        let port = try ScriptedServer.unusedPort()
        let found = try await findings(["--url", "ws://127.0.0.1:\(port)"])
        #expect(found["service"]?.status == .problem && found["service"]?.finding.contains("unreachable") == true)
        let without = try await findings(["--url", "ws://127.0.0.1:\(port)"], key: "")
        #expect(without["API key"]?.status == .problem && without["service"]?.status == .warning)
    }

    @Test func lookingOnlyAsksNobody() async throws {
        let found = try await findings(["--passive", "--directory", FileManager.default.temporaryDirectory.path])
        #expect(found["service"] == nil && found["picture"] == nil && found["sound"] == nil)
        #expect(found["directory"] != nil && found["proxy"]?.status == .ok)
    }

    @Test func anUntrustedCertificateSpeaksOfInspection() {
        let error = ConnectionError(.certificateRejected, operation: "verify", message: "Not trusted.")
        let finding = ServiceChecks.refusal(error)
        #expect(finding.status == .problem && finding.remedy?.contains("--ca") == true)
    }

    @Test(arguments: [(0.0, Finding.Status.ok), (4, .ok), (-4, .ok), (90, .warning), (-90, .warning)])
    func aClockThatIsOffIsTold(seconds: Double, status: Finding.Status) throws {
        let message = ServerMessage(
            type: "session.ready", timestamp: ServerTimestamp(nanosecondsSince1970: 1_000_000_000_000),
            body: .unknown(reason: ""))
        let found = ServiceChecks.findings(
            of: .message(message), from: "host", version: .v1, now: 1_000_000_000_000 + Int64(seconds * 1e9))
        #expect(found.map(\.status) == [.ok, status])
        if seconds == -90 { #expect(found.last?.finding.contains("90 s behind") == true) }
    }

    /// A timestamp of the service may name any year that fits 64 bits of nanoseconds: 1678 to 2261.
    @Test(arguments: [Int64.min, Int64.min + 1, .max]) func anAbsurdTimeOfTheServiceIsTold(nanoseconds: Int64) {
        let message = ServerMessage(
            type: "session.ready", timestamp: ServerTimestamp(nanosecondsSince1970: nanoseconds),
            body: .unknown(reason: ""))
        for now in [Int64.min, -1, 0, 1_800_000_000_000_000_000, .max] {
            let found = ServiceChecks.findings(of: .message(message), from: "host", version: .v1, now: now)
            #expect(found.map(\.check) == ["service", "clock skew"])
        }
    }

    @Test func aSessionThatIsRefusedAfterwardsIsAProblem() {
        let error = ServiceError(code: .quotaExhausted, message: "No more.")
        let message = ServerMessage(type: "error", body: .error(error))
        let found = ServiceChecks.findings(of: .message(message), from: "host", version: .v1, now: 0)
        #expect(found.map(\.status) == [.problem] && found.first?.remedy?.contains("quota") == true)
        let closed = ServiceChecks.findings(
            of: .ended(ConnectionEnding(closeCode: 1011)), from: "host", version: .v1, now: 0)
        #expect(closed.map(\.status) == [.problem])
    }

    @Test func picturesAndSoundAreJudged() {
        #expect(DeviceTrials.picture([], from: "camera").status == .problem)
        #expect(DeviceTrials.picture([120, 3], from: "camera").status == .warning)
        #expect(DeviceTrials.picture([3, 120], from: "camera").status == .ok)
        #expect(DeviceTrials.picture([nil], from: "camera").status == .ok)
        #expect(DeviceTrials.sound(peak: nil).status == .problem)
        #expect(DeviceTrials.sound(peak: 0).status == .warning)
        #expect(DeviceTrials.sound(peak: 0.01).status == .ok)
    }

    @Test(
        arguments: [(0.2, 0.3, Finding.Status.ok), (0.2, 0.9, .warning), (0.6, 0.7, .warning), (1.2, 1.3, .problem)])
    func aSlowProcessorAndABusyOneAreTold(processor: Double, elapsed: Double, status: Finding.Status) {
        let finding = EncodingChecks.speed(processor: processor, elapsed: elapsed)
        #expect(finding.status == status)
        #expect(finding.remedy?.contains("Stop what else") ?? false == (status == .warning && processor < 0.5))
    }

    @Test(arguments: [(PixelFormat.gray8, 1), (.yuyv, 2), (.uyvy, 2)])
    func brightnessIsTheLuminance(format: PixelFormat, bytesPerPixel: Int) throws {
        let size = 64 * 48
        // Luminance 40, chrominance 128, in the order of the format.
        let pixel: [UInt8] = format == .gray8 ? [40] : format == .yuyv ? [40, 128] : [128, 40]
        let bytes = Array(repeatElement(pixel, count: size).joined())
        let frame = VideoFrame(
            format: VideoFormat(width: 64, height: 48, pixelFormat: format), captureTime: .zero,
            storage: OwnedVideoStorage(planes: [(bytes: bytes, bytesPerRow: 64 * bytesPerPixel)]))
        #expect(Brightness.of(frame) == 40)
    }

    @Test func aDirectoryThatCannotBeUsedIsAProblem() {
        // In a file nothing can be made, by root neither.
        for path in ["/proc/self/exe", "/etc/passwd", "/proc/self/exe/a", "/proc/self/exe/a/spool/"] {
            #expect(DirectoryCheck.finding(path).status == .problem, "\(path)")
        }
    }

    /// `--keep` makes every directory on the way.
    @Test(arguments: ["", "/", "/spool", "/spool/", "/spool//", "/a/b/spool", "/a/b/spool/"])
    func aDirectoryThatCanBeMadeIsFine(path: String) throws {
        let directory = try TemporaryDirectory()
        let finding = DirectoryCheck.finding(directory.path + path)
        #expect(finding.status != .problem, "\(finding)")
        #expect(!FileManager.default.fileExists(atPath: directory.file("spool")))
    }

    @Test func aDirectoryThatCanBeMadeHereIsFine() {
        for path in ["nowhere", "nowhere/", "nowhere/at/all", "./nowhere"] {
            #expect(DirectoryCheck.finding(path).status != .problem, "\(path)")
        }
    }
}
