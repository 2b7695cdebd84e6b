import InterhumanCore
import InterhumanTesting
import Testing

@testable import InterhumanLocalService

@Suite("Keys and tokens")
struct CredentialRegistryTests {
    private let clock = ManualClock()

    private func registry(_ policy: AccessPolicy = AccessPolicy(key: Credential("key"))) -> CredentialRegistry {
        CredentialRegistry(policy: policy, clock: clock)
    }

    private func token(_ registry: CredentialRegistry, expiresIn: Int? = nil) throws -> Credential {
        Credential(try registry.mint(ClientTokenRequest(api_key: "key", expires_in: expiresIn)).access_token)
    }

    private func refusal(_ body: () throws(ServiceRefusal) -> Void) -> ServiceRefusal? {
        do throws(ServiceRefusal) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test("A client token opens sessions until it expires: then 401 and ih2010")
    func expiry() throws {
        let registry = registry()
        let token = try token(registry, expiresIn: 90)
        clock.advance(by: .seconds(89))
        _ = try registry.account(of: token, origin: nil)
        clock.advance(by: .seconds(1))
        let refusal = refusal { () throws(ServiceRefusal) in _ = try registry.account(of: token, origin: nil) }
        #expect(refusal?.status == 401)
        #expect(refusal?.error.code == .tokenExpired)
        // Revoking one that has expired is no error.
        try registry.revoke(RevocationRequest(api_key: "key", token: token.reveal()))
    }

    @Test("Lifetimes are kept within 60 s and an hour", arguments: [(nil, 300), (1, 60), (600, 600), (9000, 3600)])
    func lifetimes(asked: Int?, given: Int) throws {
        let response = try registry().mint(ClientTokenRequest(api_key: "key", expires_in: asked))
        #expect(response.expires_in == given)
    }

    @Test("A revoked token gets 401 and ih2014, an invented one 401 and ih2011")
    func revocation() throws {
        let registry = registry()
        let token = try token(registry)
        try registry.revoke(RevocationRequest(api_key: "key", token: token.reveal()))
        let revoked = refusal { () throws(ServiceRefusal) in _ = try registry.account(of: token, origin: nil) }
        #expect(revoked?.error.code == .tokenRevoked)
        let invented = refusal { () throws(ServiceRefusal) in
            _ = try registry.account(of: Credential("ihct_0"), origin: nil)
        }
        #expect(invented?.status == 401)
        #expect(invented?.error.code == .tokenInvalid)
    }

    @Test("Another key can't revoke a token, and a token mints none")
    func foreignKey() throws {
        let registry = registry(AccessPolicy())
        let token = try token(registry)
        let foreign = refusal { () throws(ServiceRefusal) in
            try registry.revoke(RevocationRequest(api_key: "other", token: token.reveal()))
        }
        #expect(foreign?.status == 403)
        let minted = refusal { () throws(ServiceRefusal) in
            _ = try registry.mint(ClientTokenRequest(api_key: token.reveal()))
        }
        #expect(minted?.error.code == .invalidKey)
    }

    @Test("Only named origins may use a token that names some")
    func origins() throws {
        let registry = registry()
        let response = try registry.mint(
            ClientTokenRequest(api_key: "key", allowed_origins: ["https://Example.com"]))
        let token = Credential(response.access_token)
        _ = try registry.account(of: token, origin: "https://example.com")
        for origin in [nil, "https://example.org"] {
            let refusal = refusal { () throws(ServiceRefusal) in
                _ = try registry.account(of: token, origin: origin)
            }
            #expect(refusal?.status == 403)
        }
    }

    @Test("A token's sessions count as its key's")
    func sharedSessions() throws {
        let registry = registry(AccessPolicy(key: Credential("key"), maximumSessions: 1))
        let key = try registry.account(of: Credential("key"), origin: nil)
        let token = try registry.account(of: try token(registry), origin: nil)
        #expect(key.openSession())
        #expect(!token.openSession())
        key.closeSession()
        #expect(token.openSession())
        #expect(!key.openSession())
        token.closeSession()
        #expect(key.openSession())
    }

    @Test("A key matches itself only")
    func matching() {
        let policy = AccessPolicy(key: Credential("secret"))
        #expect(policy.accepts(key: Credential("secret")))
        for other in ["", "secre", "secret1", "Secret", "tecres"] {
            #expect(!policy.accepts(key: Credential(other)))
        }
    }
}
