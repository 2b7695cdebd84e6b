public import InterhumanCore

/// Reads the JSON body of an HTTP error response: `{"error_id","correlation_id","link","message"}`.
public struct ServiceErrorDecoder: Sendable {
    /// Creates a decoder; all are the same.
    public init() {}

    private enum Key: String, JSONKey {
        case errorID = "error_id"
        case correlationID = "correlation_id"
        case link, message
        static let table = JSONKeyTable<Key>()
    }

    /// Reads a body; nil when it is something else: a proxy's page, for instance.
    public func decode(_ body: [UInt8]) -> (error: ServiceError, correlationID: String?)? {
        guard var text = String(validating: body, as: UTF8.self) else { return nil }
        return text.withUTF8 { bytes in
            var reader = JSONReader(bytes)
            return try? Self.read(&reader)
        }
    }

    private static func read(
        _ reader: inout JSONReader
    ) throws(JSONFault) -> (error: ServiceError, correlationID: String?) {
        var id: String?
        var error = ServiceError(code: ServiceErrorCode(rawValue: ""), message: "")
        var correlationID: String?
        try reader.members { (reader, key: Key) throws(JSONFault) in
            switch key {
            case .errorID: id = try reader.readString()
            case .correlationID: correlationID = try reader.readOptionalString()
            case .link: error.link = try reader.readOptionalString()
            case .message: error.message = try reader.readOptionalString() ?? ""
            }
        }
        try reader.expectEnd()
        error.code = ServiceErrorCode(rawValue: try id.required("error_id"))
        return (error, correlationID)
    }
}
