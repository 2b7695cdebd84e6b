import FoundationEssentials

/// The line that tells programs where the service listens.
enum ReadyLine {
    /// `{"event":"ready","url":URL,"ca":PATH or null}`, its members in this order for readers without a JSON parser.
    static func text(url: String, ca: String?) throws -> String {
        let authority = try ca.map(quoted) ?? "null"
        return "{\"event\":\"ready\",\"url\":\(try quoted(url)),\"ca\":\(authority)}"
    }

    private static func quoted(_ text: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(text), as: UTF8.self)
    }
}
