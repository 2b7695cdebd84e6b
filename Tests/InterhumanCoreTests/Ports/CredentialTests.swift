import InterhumanCore
import Testing

@Suite struct CredentialTests {
    private static let credential = Credential("top-secret-key")

    @Test func onlyRevealGivesItAway() {
        let credential = Self.credential
        #expect(credential.reveal() == "top-secret-key")
        var shown = "\(credential) \(String(describing: credential)) \(String(reflecting: credential))"
        shown += "\([credential]) \(["key": credential]) \(Optional(credential) as Any)"
        dump(credential, to: &shown)
        dump([credential], to: &shown)
        for child in Mirror(reflecting: credential).children { shown += "\(child)" }
        #expect(!shown.contains("secret"))
        #expect(shown.contains("[redacted]"))
    }

    @Test func requestsThatHoldItDoNotShowIt() throws {
        let request = ConnectionRequest(
            endpoint: try ServiceEndpoint(), credential: Self.credential,
            headers: [HeaderField("Origin", "https://x")])
        var shown = "\(request) \(String(reflecting: request))"
        dump(request, to: &shown)
        #expect(!shown.contains("secret"))
        var provider = "\(StaticCredential(Self.credential))"
        dump(StaticCredential(Self.credential), to: &provider)
        #expect(!provider.contains("secret"))
    }

    @Test func credentialsAreComparedByTheirSecret() {
        #expect(Credential("a") == Credential("a"))
        #expect(Credential("a") != Credential("b"))
    }

    @Test(arguments: [
        "Authorization", "authorization", "Proxy-Authorization", "SEC-WEBSOCKET-PROTOCOL", "Cookie", "Set-Cookie",
    ])
    func sensitiveFieldsAreRedacted(name: String) {
        #expect(HeaderField(name, "secret").description == "\(name): [redacted]")
    }

    @Test func otherFieldsAreShown() {
        #expect(HeaderField("Origin", "https://x").description == "Origin: https://x")
    }

    @Test func aFixedKeyIsGivenOnceAndNotRefreshed() async throws {
        let provider = StaticCredential(Self.credential)
        #expect(try await provider.credential(refreshing: false) == Self.credential)
        let error = await #expect(throws: CredentialError.self) { try await provider.credential(refreshing: true) }
        #expect(error?.code == .refused)
    }

    @Test func aMissingVariableIsNamed() async {
        let provider = EnvironmentCredential(variable: "INTERHUMAN_TEST_NO_SUCH_VARIABLE")
        let error = await #expect(throws: CredentialError.self) { try await provider.credential(refreshing: false) }
        #expect(error?.code == .missing)
        #expect(error?.message.contains("INTERHUMAN_TEST_NO_SUCH_VARIABLE") == true)
    }

    @Test func aVariableIsReadAndNeverRefreshed() async throws {
        let provider = EnvironmentCredential(variable: "PATH")
        #expect(try await !provider.credential(refreshing: false).reveal().isEmpty)
        let error = await #expect(throws: CredentialError.self) { try await provider.credential(refreshing: true) }
        #expect(error?.code == .refused)
    }
}
