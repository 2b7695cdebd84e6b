/// The service's account of a failure: an `error` envelope's data, or the JSON body of an HTTP error.
public struct ServiceError: Sendable, Hashable, CustomStringConvertible {
    /// `ih1001` and so on.
    public var code: ServiceErrorCode
    /// The service's words.
    public var message: String
    /// Where to read more.
    public var link: String?
    /// The segment concerned, counted by the service.
    public var segment: Int?

    /// Creates an error.
    public init(code: ServiceErrorCode, message: String, link: String? = nil, segment: Int? = nil) {
        self.code = code
        self.message = message
        self.link = link
        self.segment = segment
    }

    public var description: String {
        "\(code.rawValue): \(message)" + (segment.map { " (segment \($0))" } ?? "") + (link.map { ", see \($0)" } ?? "")
    }
}

/// A code of the service's errors.
public struct ServiceErrorCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public var rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public var description: String { rawValue }

    /// What kind of failure the code's first digit names, for codes that this version doesn't know.
    public var family: Family {
        switch rawValue.dropFirst(2).first {
        case "1" where rawValue.hasPrefix("ih"): .service
        case "2" where rawValue.hasPrefix("ih"): .credential
        case "3" where rawValue.hasPrefix("ih"): .quota
        case "4" where rawValue.hasPrefix("ih"): .request
        case "5" where rawValue.hasPrefix("ih"): .media
        case "6" where rawValue.hasPrefix("ih"): .protocol
        default: .other
        }
    }

    /// Kinds of failure.
    public enum Family: Sendable, Hashable {
        /// The service's own trouble: try again.
        case service
        /// The credential: stop.
        case credential
        /// Too much at once or in all: slow down.
        case quota
        /// The request: the caller's error.
        case request
        /// The media.
        case media
        /// The session's rules.
        case `protocol`
        /// None of these.
        case other
    }

    /// Internal error of the service.
    public static let internalError = ServiceErrorCode(rawValue: "ih1001")
    /// The instance is too busy.
    public static let tooBusy = ServiceErrorCode(rawValue: "ih1002")
    /// No backend serves the model.
    public static let modelUnavailable = ServiceErrorCode(rawValue: "ih1003")
    /// The key is invalid.
    public static let invalidKey = ServiceErrorCode(rawValue: "ih2001")
    /// There was no key.
    public static let missingKey = ServiceErrorCode(rawValue: "ih2002")
    /// The credential lacks a scope.
    public static let missingScope = ServiceErrorCode(rawValue: "ih2003")
    /// The client token has expired.
    public static let tokenExpired = ServiceErrorCode(rawValue: "ih2010")
    /// The client token is invalid.
    public static let tokenInvalid = ServiceErrorCode(rawValue: "ih2011")
    /// The client token was revoked.
    public static let tokenRevoked = ServiceErrorCode(rawValue: "ih2014")
    /// Too many sessions at once.
    public static let concurrencyLimit = ServiceErrorCode(rawValue: "ih3002")
    /// The quota is used up.
    public static let quotaExhausted = ServiceErrorCode(rawValue: "ih3003")
    /// The client token's video seconds are used up.
    public static let videoBudgetExhausted = ServiceErrorCode(rawValue: "ih3006")
    /// The `model` parameter is wrong.
    public static let badModel = ServiceErrorCode(rawValue: "ih4005")
    /// There is no usable video.
    public static let noUsableVideo = ServiceErrorCode(rawValue: "ih5001")
    /// A segment can't be read.
    public static let unreadableSegment = ServiceErrorCode(rawValue: "ih5002")
    /// A segment is malformed.
    public static let malformedSegment = ServiceErrorCode(rawValue: "ih5004")
    /// There is no audio track.
    public static let noAudioTrack = ServiceErrorCode(rawValue: "ih5008")
    /// A configuration frame is wrong.
    public static let badConfiguration = ServiceErrorCode(rawValue: "ih6001")
    /// A message is too large.
    public static let messageTooLarge = ServiceErrorCode(rawValue: "ih6002")
    /// Nothing came for too long.
    public static let idleTimeout = ServiceErrorCode(rawValue: "ih6003")
    /// The session reached its maximum duration.
    public static let maximumDuration = ServiceErrorCode(rawValue: "ih6004")
}
