import FoundationEssentials
import InterhumanCore
import InterhumanLocalService
import Testing

@Suite("The local certificate")
struct LocalCertificateTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: "certificate-\(UUID())").path

    private func contents(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test("The second use finds what the first one made")
    func reuse() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let first = try LocalCertificate.loadOrCreate(in: directory)
        let chain = try contents(first.chainPath)
        let second = try LocalCertificate.loadOrCreate(in: directory)
        #expect(first == second)
        #expect(try contents(second.chainPath) == chain)
        #expect(chain.hasSuffix(try contents(first.authorityPath)))
    }

    @Test("Only the owner reads the key, and the authority's own is nowhere")
    func secrecy() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let certificate = try LocalCertificate.loadOrCreate(in: directory)
        let permissions = { (path: String) in
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try permissions(certificate.keyPath) == 0o600)
        #expect(try permissions(directory) == 0o700)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory)
        let keys = try names.filter { try contents("\(directory)/\($0)").contains("PRIVATE KEY") }
        #expect(keys == ["server.key"])
    }

    @Test("Other hosts, and files that are damaged, are made anew")
    func renewal() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let first = try contents(LocalCertificate.loadOrCreate(in: directory).chainPath)
        let certificate = try LocalCertificate.loadOrCreate(in: directory, additionalHosts: ["studio.example"])
        let second = try contents(certificate.chainPath)
        #expect(second != first)
        try Data("no certificate".utf8).write(to: URL(filePath: certificate.chainPath))
        _ = try LocalCertificate.loadOrCreate(in: directory, additionalHosts: ["studio.example"])
        let third = try contents(certificate.chainPath)
        #expect(third.hasPrefix("-----BEGIN CERTIFICATE-----"))
        #expect(third != second)
    }

    @Test("Many at once agree on one certificate")
    func concurrency() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let chains = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                group.addTask { try contents(LocalCertificate.loadOrCreate(in: directory).chainPath) }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(chains.count == 1)
    }

    @Test("A directory that can't be made is told")
    func impossible() {
        let error = #expect(throws: ConnectionError.self) {
            _ = try LocalCertificate.loadOrCreate(in: "/dev/null/certificate")
        }
        #expect(error?.code == .system)
    }
}
