import InterhumanCore
import Testing

@testable import InterhumanLocalService

@Suite("Credentials of a handshake")
struct PresentedCredentialTests {
    @Test("The header, the pair and the single subprotocol; what to echo for each")
    func placements() throws {
        let header = try #require(PresentedCredential(authorization: "Bearer K", subprotocols: []))
        #expect(header.credential.reveal() == "K")
        #expect(header.placement == .authorizationHeader)
        #expect(header.echoedSubprotocol == nil)

        let pair = try #require(PresentedCredential(authorization: nil, subprotocols: ["access_token", "K"]))
        #expect(pair.credential.reveal() == "K")
        #expect(pair.placement == .subprotocolPair)
        #expect(pair.echoedSubprotocol == "access_token")

        let single = try #require(PresentedCredential(authorization: nil, subprotocols: ["K"]))
        #expect(single.credential.reveal() == "K")
        #expect(single.placement == .subprotocol)
        #expect(single.echoedSubprotocol == "K")
    }

    @Test(
        "Anything else is no credential",
        arguments: [
            (String?.none, [String]()), (nil, ["access_token"]), (nil, ["a", "b"]), (nil, ["access_token", "a", "b"]),
            ("Bearer", []), ("Bearer ", []), ("Basic K", []), ("Bearer a b", []), ("", []),
        ])
    func missing(authorization: String?, subprotocols: [String]) {
        #expect(PresentedCredential(authorization: authorization, subprotocols: subprotocols) == nil)
    }

    @Test("The scheme's case and extra blanks don't matter")
    func scheme() {
        #expect(PresentedCredential(authorization: "bearer  K", subprotocols: [])?.credential.reveal() == "K")
    }

    @Test("Printing it shows no key")
    func redaction() throws {
        let presented = try #require(PresentedCredential(authorization: "Bearer secret-K", subprotocols: []))
        #expect(!"\(presented)".contains("secret-K"))
    }
}
