import ArgumentParser
import Foundation

/// An environment variable that stands in for an option; the option wins.
enum SettingVariable: String, CaseIterable {
    case url = "INTERHUMAN_URL"
    case ca = "INTERHUMAN_CA"
    case apiVersion = "INTERHUMAN_API_VERSION"
    case model = "INTERHUMAN_MODEL"
    case camera = "INTERHUMAN_CAMERA"
    case microphone = "INTERHUMAN_MICROPHONE"
    case container = "INTERHUMAN_CONTAINER"

    /// Its value; nil when it is not set, or set to nothing.
    var value: String? {
        let value = ProcessInfo.processInfo.environment[rawValue]?.trimmingCharacters(in: .whitespaces) ?? ""
        return value.isEmpty ? nil : value
    }

    /// Its value in another form; nil when it is not set.
    ///
    /// - Throws: `ValidationError` that names the variable when `convert` gives nil.
    func value<Value>(_ convert: (String) -> Value?, expected: String) throws -> Value? {
        guard let value else { return nil }
        guard let converted = convert(value) else { throw wrong("takes \(expected), not '\(value)'.") }
        return converted
    }

    /// The error for a value that is of no use.
    func wrong(_ text: String) -> ValidationError {
        ValidationError("The environment variable \(rawValue) \(text)")
    }
}
