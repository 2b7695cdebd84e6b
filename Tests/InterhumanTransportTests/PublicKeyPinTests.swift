import InterhumanTransport
import Testing

struct PublicKeyPinTests {
    @Test(arguments: ["sha256/", "sha256//", ""])
    func readsWhatItWrites(prefix: String) throws {
        // 0xFF… begins with a slash in Base64, where prefixes end with one.
        for first in [UInt8(0), 0x7F, 0xFF] {
            let pin = try #require(PublicKeyPin(sha256: [first] + [UInt8](repeating: 0xFF, count: 31)))
            let text = pin.description
            #expect(text.hasPrefix("sha256/"))
            #expect(PublicKeyPin(base64: prefix + text.dropFirst(7)) == pin)
        }
    }

    @Test(arguments: ["", "sha256/", "sha256/AAAA", "not Base64, but forty-four characters in all!", "A"])
    func refusesWhatIsNone(text: String) {
        #expect(PublicKeyPin(base64: text) == nil)
    }

    @Test func wantsThirtyTwoBytes() {
        #expect(PublicKeyPin(sha256: [UInt8](repeating: 0, count: 31)) == nil)
    }
}
