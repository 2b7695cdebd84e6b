public import InterhumanCore

/// A text message is no JSON, or not what it must be.
public struct EnvelopeError: InterhumanError, Hashable {
    public var code: Code
    public var operation: String
    public var message: String
    public var underlying: String?
    /// The property concerned, where there is one: `include`, `audio_format.channels`, …
    public var property: String?

    /// Creates an error; see `InterhumanError` for the parts.
    public init(
        _ code: Code, operation: String, message: String, underlying: String? = nil, property: String? = nil
    ) {
        self.code = code
        self.operation = operation
        self.message = message
        self.underlying = underlying
        self.property = property
    }

    /// Kinds of failure.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The text is not JSON (RFC 8259).
        public static let notJSON = Code(rawValue: "notJSON")
        /// The text is JSON, nested deeper than allowed.
        public static let tooDeep = Code(rawValue: "tooDeep")
        /// The text is JSON, but not a message that a client may send; `property` says where.
        public static let invalidProperty = Code(rawValue: "invalidProperty")
    }
}
