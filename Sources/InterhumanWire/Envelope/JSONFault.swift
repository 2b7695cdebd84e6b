/// Why reading JSON stopped.
enum JSONFault: Error, Hashable {
    /// The text is not JSON.
    case syntax(offset: Int, String)
    /// The text is nested too deeply to be looked at.
    case tooDeep(offset: Int)
    /// The text is JSON, but not what was expected at this place.
    case shape(String)
}

extension JSONFault {
    /// The error for text that is no readable JSON; nil for ``shape(_:)``.
    func error(_ operation: String) -> EnvelopeError? {
        switch self {
        case .syntax(let offset, let what):
            EnvelopeError(.notJSON, operation: operation, message: "The text is not JSON: \(what) at byte \(offset).")
        case .tooDeep(let offset):
            EnvelopeError(
                .tooDeep, operation: operation,
                message: "The JSON is nested deeper than \(JSONReader.maximumDepth) levels at byte \(offset).")
        case .shape:
            nil
        }
    }
}
