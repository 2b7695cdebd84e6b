import FoundationEssentials

/// JSON bodies of HTTP requests and responses.
enum ServiceJSON {
    /// Keys are sorted, so that the same value gives the same bytes.
    static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The values are this module's own plain structs, and their numbers are finite: encoding them can't fail.
        return (try? encoder.encode(value)).map { Array($0) } ?? []
    }

    /// Reads a request's body; what can't be read is the client's fault.
    static func decode<Value: Decodable>(_ type: Value.Type, from body: [UInt8]) throws(ServiceRefusal) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch DecodingError.typeMismatch(_, let context) {
            let name = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw .badRequest("\(name.isEmpty ? "The body" : name) has the wrong type.")
        } catch {
            throw .badRequest("The body is not the JSON object that it should be.")
        }
    }
}
