import InterhumanCore
import InterhumanLocalService
import InterhumanTransport
import TestPrograms
import Testing

/// The vendor's own client against this service: what it refuses, this service says wrongly.
@Suite(
    "The vendor's SDK", .enabled(if: VendorSDK.isAvailable, VendorSDK.absence), .timeLimit(.minutes(5)))
struct VendorSDKTests {
    private static let access = AccessPolicy(
        key: Credential("right-key"), keyID: "key-1", keySecret: Credential("right-secret"))

    private func service(
        tls: TLSServerConfiguration? = nil, limits: ServiceLimits = ServiceLimits()
    ) async throws -> LocalService {
        try await LocalService.start(LocalServiceConfiguration(tls: tls, access: Self.access, limits: limits))
    }

    private func check(
        _ flow: String, on service: LocalService, environment: [String: String] = [:]
    ) async throws {
        let sdk = try VendorSDK(try await EncodedMedia.lively.value)
        let url = service.baseURL.replacing("ws", with: "http", maxReplacements: 1)
        let run = try await sdk.run(flow, baseURL: url, environment: environment)
        #expect(run.status == 0, "\(run.errors)")
        await service.shutdown()
    }

    @Test(
        "runs its flows",
        arguments: [
            "v1", "v2", "v2_audio", "raw_audio", "slices", "config_updates", "immediate_close", "gap", "bad_media",
            "refused", "managed_token", "client_tokens", "budgets", "uploads",
        ])
    func flows(flow: String) async throws {
        try await check(flow, on: service())
    }

    @Test("is told of an idle session")
    func idle() async throws {
        try await check("limits", on: service(limits: ServiceLimits(idleTimeout: .seconds(1))))
    }

    @Test("is told of a message that is too large")
    func oversized() async throws {
        try await check("oversized", on: service(limits: ServiceLimits(maximumMessageSize: 1000)))
    }

    /// The SDK sends each message as one frame.
    @Test("is reported for frames that control frames have to wait for")
    func largeFrame() async throws {
        let service = try await service()
        try await check("large_frame", on: service)
        let finding = try #require(service.reports.last?.findings.first { $0.code == .frameLarge })
        #expect(finding.text.contains("300000"))
    }

    @Test("runs a session over TLS")
    func secure() async throws {
        let directory = try TemporaryDirectory()
        let certificate = try LocalCertificate.loadOrCreate(in: directory.file("certificate"))
        let tls = TLSServerConfiguration(
            certificateChainPath: certificate.chainPath, privateKeyPath: certificate.keyPath)
        try await check(
            "managed_token", on: service(tls: tls), environment: ["SSL_CERT_FILE": certificate.authorityPath])
    }
}
