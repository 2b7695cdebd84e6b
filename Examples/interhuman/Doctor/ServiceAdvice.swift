import Interhuman

/// What to do about the service's error codes. Documentation/Guides/Troubleshooting.md has all of them.
enum ServiceAdvice {
    static func text(for code: ServiceErrorCode) -> String {
        switch code {
        case .invalidKey: "Check INTERHUMAN_API_KEY against the key in your account; look for blanks and missing ends."
        case .missingKey: "Set INTERHUMAN_API_KEY; if it is set, something on the way removes the header Authorization."
        case .missingScope: "Make a key or token whose scope allows streaming."
        case .tokenExpired, .tokenInvalid, .tokenRevoked: "Get a fresh token."
        case .concurrencyLimit: "End the other session, or wait until it has ended."
        case .quotaExhausted, .videoBudgetExhausted: "Raise the quota in your account, or wait for the next period."
        case .badModel: "Choose inter-2 or inter-2-audio, on v2, or no model."
        default:
            switch code.family {
            case .service: "Try again later; sessions do so by themselves."
            case .quota: "Wait, then try again."
            case .credential: "Check the key in your account."
            default: "Look the code up in Documentation/Guides/Troubleshooting.md."
            }
        }
    }
}
