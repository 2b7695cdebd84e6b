/// A set of names that the service may extend: every conformer keeps names that it doesn't know.
public protocol OpenEnumeration: RawRepresentable, Hashable, Sendable, CustomStringConvertible, Codable
where RawValue == String {
    /// Takes the name as it is on the wire.
    init(rawValue: String)
}

extension OpenEnumeration {
    public var description: String { rawValue }

    /// Reads the name; one that is new is kept.
    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the name as it is on the wire.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
