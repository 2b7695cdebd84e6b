/// A piece of a message with its times on the session's timeline. The piece's own properties show through:
/// `signal.type` is `signal.value.type`.
@dynamicMemberLookup
public struct Timed<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The piece as the service sent it, its times in the service's seconds.
    public var value: Value
    /// When it begins; nil where the service doesn't say.
    public var start: SessionInstant?
    /// When it ends; nil where the service doesn't say.
    public var end: SessionInstant?

    /// Creates a timed piece.
    public init(_ value: Value, start: SessionInstant? = nil, end: SessionInstant? = nil) {
        self.value = value
        self.start = start
        self.end = end
    }

    /// A property of the piece.
    public subscript<Property>(dynamicMember property: KeyPath<Value, Property>) -> Property {
        value[keyPath: property]
    }
}
