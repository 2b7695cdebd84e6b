import InterhumanWire
import Testing

@Suite struct ControlPayloadTests {
    @Test func keepsUpTo125Bytes() throws {
        let bytes = (0..<125).map { UInt8($0) }
        let payload = try #require(ControlPayload(bytes))
        #expect(Array(payload) == bytes)
        #expect(payload[124] == 124)
        #expect(payload.withUnsafeBytes { Array($0) } == bytes)
        #expect(ControlPayload(bytes + [0]) == nil)
    }

    @Test func equalityAndHashLookAtTheBytes() {
        let (left, right) = (ControlPayload("abc".utf8), ControlPayload("abc".utf8))
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left != ControlPayload("abd".utf8))
        #expect(left != ControlPayload("ab".utf8))
        #expect(ControlPayload().isEmpty)
    }

    @Test func descriptionShowsNoBytes() {
        #expect(ControlPayload("secret".utf8)?.description == "6 bytes")
    }
}
