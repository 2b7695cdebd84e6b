/// Encoding, muxing, demuxing or decoding failed.
public struct EncodeError: InterhumanError {
    public var code: Code
    public var operation: String
    public var message: String
    public var underlying: String?

    /// Creates an error; see ``InterhumanError`` for the parts.
    public init(_ code: Code, operation: String, message: String, underlying: String? = nil) {
        self.code = code
        self.operation = operation
        self.message = message
        self.underlying = underlying
    }

    /// Kinds of failure.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// This machine's FFmpeg lacks the codec or container.
        public static let codecUnavailable = Code(rawValue: "codecUnavailable")
        /// The settings contradict each other or the codec.
        public static let invalidSettings = Code(rawValue: "invalidSettings")
        /// A frame or chunk does not fit what the encoder was told.
        public static let invalidInput = Code(rawValue: "invalidInput")
        /// Bytes that were to be decoded are not what they should be.
        public static let malformedMedia = Code(rawValue: "malformedMedia")
        /// A limit on size, number or memory was met.
        public static let limitExceeded = Code(rawValue: "limitExceeded")
        /// The encoder was used after its end.
        public static let misuse = Code(rawValue: "misuse")
        /// FFmpeg failed otherwise; `underlying` says how.
        public static let library = Code(rawValue: "library")
        /// The task that waited was cancelled.
        public static let cancelled = Code(rawValue: "cancelled")
    }
}
