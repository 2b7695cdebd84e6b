public import InterhumanCore

/// A session could not begin, or ended otherwise than asked for. ``cause`` holds the layer's own error.
public struct SessionError: InterhumanError {
    public var code: Code
    public var operation: String
    public var message: String
    public var underlying: String?
    public var correlationID: String?
    /// The error of the layer that failed, with its own code; nil for the session's own.
    public var cause: Cause?

    /// Creates an error of the session's own; see `InterhumanError` for the parts.
    public init(_ code: Code, operation: String, message: String) {
        self.code = code
        self.operation = operation
        self.message = message
    }

    /// Wraps the error of a layer.
    public init(_ cause: Cause) {
        switch cause {
        case .credential(let error): self.init(.credential, copying: error)
        case .connection(let error): self.init(Self.code(for: error), copying: error)
        case .capture(let error): self.init(.capture, copying: error)
        case .encode(let error): self.init(.encode, copying: error)
        }
        self.cause = cause
    }

    private init(_ code: Code, copying error: some InterhumanError) {
        self.init(code, operation: error.operation, message: error.message)
        underlying = error.underlying
        correlationID = error.correlationID
    }

    /// A refused credential is the credential's matter, also where the connection brought the news.
    private static func code(for error: ConnectionError) -> Code {
        switch error.code {
        case .unauthorized: .credential
        case .invalidSettings: .invalidConfiguration
        case .cancelled: .cancelled
        default: error.serviceError?.code.family == .credential ? .credential : .connection
        }
    }

    /// The error of the layer that failed.
    public enum Cause: Error, Sendable {
        /// No usable credential.
        case credential(CredentialError)
        /// The service could not be reached, refused, or was lost.
        case connection(ConnectionError)
        /// A source of media failed.
        case capture(CaptureError)
        /// The encoder failed.
        case encode(EncodeError)
    }

    /// Kinds of failure: which layer to look at.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The credential is missing or was refused.
        public static let credential = Code(rawValue: "credential")
        /// The service could not be reached, refused, or was lost.
        public static let connection = Code(rawValue: "connection")
        /// A camera, microphone or file failed.
        public static let capture = Code(rawValue: "capture")
        /// The encoder failed.
        public static let encode = Code(rawValue: "encode")
        /// The network was slower than the media for too long, and the outbox may drop nothing.
        public static let outboxFull = Code(rawValue: "outboxFull")
        /// The configuration can't work.
        public static let invalidConfiguration = Code(rawValue: "invalidConfiguration")
        /// The session was used against its order: started twice.
        public static let misuse = Code(rawValue: "misuse")
        /// `cancel()` or `finish()` was called, or the task was cancelled, before the session had begun.
        public static let cancelled = Code(rawValue: "cancelled")
    }
}
