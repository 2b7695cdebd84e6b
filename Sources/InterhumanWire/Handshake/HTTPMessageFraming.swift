import InterhumanCore

extension HTTPBodyReader.Framing {
    /// How a request's body ends (RFC 9112 section 6.3).
    init(request fields: [HeaderField]) throws(WireError) {
        let codings = fields.listMembers(of: "Transfer-Encoding")
        let lengths = fields.listMembers(of: "Content-Length")
        guard codings.isEmpty || lengths.isEmpty else {
            throw HTTPHeaderBlockReader.malformed("It has both a Transfer-Encoding and a Content-Length.")
        }
        guard codings.isEmpty else {
            guard codings.map({ $0.lowercased() }) == ["chunked"] else {
                throw HTTPHeaderBlockReader.malformed("Its Transfer-Encoding is not chunked.")
            }
            self = .chunked
            return
        }
        self = .length(try Self.length(lengths) ?? 0)
    }

    /// How a response's body ends.
    init(response fields: [HeaderField], status: Int) throws(WireError) {
        if status < 200 || status == 204 || status == 304 {
            self = .length(0)
        } else if fields.listMembers(of: "Transfer-Encoding").last?.lowercased() == "chunked" {
            self = .chunked
        } else if let length = try Self.length(fields.listMembers(of: "Content-Length")) {
            self = .length(length)
        } else {
            self = .untilEnd
        }
    }

    /// The length that all fields agree on.
    private static func length(_ values: [String]) throws(WireError) -> Int? {
        guard let first = values.first else { return nil }
        guard values.allSatisfy({ $0 == first }), first.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let length = Int(first)
        else { throw HTTPHeaderBlockReader.malformed("Its Content-Length is not one number.") }
        return length
    }
}
