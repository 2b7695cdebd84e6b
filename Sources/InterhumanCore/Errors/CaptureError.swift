/// A source of media failed: a camera, a microphone, a file.
public struct CaptureError: InterhumanError, Hashable {
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

        /// There is no such file or device.
        public static let notFound = Code(rawValue: "notFound")
        /// The operating system refuses access.
        public static let permissionDenied = Code(rawValue: "permissionDenied")
        /// Somebody else uses the device.
        public static let busy = Code(rawValue: "busy")
        /// The device went away while in use.
        public static let deviceLost = Code(rawValue: "deviceLost")
        /// There is no audio server to be reached.
        public static let audioServerUnavailable = Code(rawValue: "audioServerUnavailable")
        /// The source is not what its name promises, or holds nothing that can be decoded.
        public static let undecodable = Code(rawValue: "undecodable")
        /// The source has no track of the kind that was asked for.
        public static let noSuchTrack = Code(rawValue: "noSuchTrack")
        /// The source can't deliver what was asked for.
        public static let unsupported = Code(rawValue: "unsupported")
        /// The source was started twice or used after its end.
        public static let misuse = Code(rawValue: "misuse")
        /// The operating system or a library failed otherwise; `underlying` says how.
        public static let system = Code(rawValue: "system")
        /// The task that waited was cancelled.
        public static let cancelled = Code(rawValue: "cancelled")
    }
}
