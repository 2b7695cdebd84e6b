/// No usable credential could be had.
public struct CredentialError: InterhumanError {
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

        /// There is none.
        public static let missing = Code(rawValue: "missing")
        /// The service refused it.
        public static let refused = Code(rawValue: "refused")
        /// The provider failed; `underlying` says how.
        public static let providerFailed = Code(rawValue: "providerFailed")
    }
}
