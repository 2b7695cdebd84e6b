import Testing

@testable import InterhumanWire

@Suite struct ExtensionDescriptionTests {
    @Test func parametersAreReadAndWritten() throws {
        let text = "permessage-deflate; client_max_window_bits; server_max_window_bits=10"
        let description = try #require(ExtensionDescription(text: text))
        #expect(description.name == "permessage-deflate")
        #expect(
            description.parameters == [.init("client_max_window_bits"), .init("server_max_window_bits", "10")])
        #expect(description.description == text)
    }

    @Test func quotedValuesAreUnquoted() throws {
        let description = try #require(ExtensionDescription(text: #"a ;b = "10""#))
        #expect(description.parameters == [.init("b", "10")])
    }

    @Test(arguments: ["", ";", "a;", "a;;b", "a; =1", "a; b=", #"a; b="#, #"a; b="x y""#, "a b", #"a; b=""#])
    func malformedOnesAreRefused(text: String) {
        #expect(ExtensionDescription(text: text) == nil)
    }
}
