/// What every error of this package offers: what failed, in which operation, and what to do about it.
///
/// Secrets never appear in any of it.
public protocol InterhumanError: Error, Sendable, CustomStringConvertible {
    /// Kinds of failure, extensible so that a new one breaks nobody's `switch`.
    associatedtype Code: RawRepresentable & Hashable & Sendable where Code.RawValue == String

    /// The kind of failure.
    var code: Code { get }
    /// What was being done, as a phrase with a verb: "open /dev/video0".
    var operation: String { get }
    /// What happened and what to do about it, for people.
    var message: String { get }
    /// The system's or library's own words: errno, AVERROR text, OpenSSL error stack, ioctl name.
    var underlying: String? { get }
    /// The service's name for the connection concerned.
    var correlationID: String? { get }
}

extension InterhumanError {
    public var correlationID: String? { nil }

    public var description: String { summary }

    /// Code, operation, message, the system's own words and the correlation id, as far as there are any.
    var summary: String {
        var text = "\(code.rawValue) (\(operation)): \(message)"
        if let underlying, !underlying.isEmpty { text += " [\(underlying)]" }
        if let correlationID { text += " [correlation id \(correlationID)]" }
        return text
    }
}
