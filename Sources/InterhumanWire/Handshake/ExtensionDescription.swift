/// An extension with its parameters as `Sec-WebSocket-Extensions` has it (RFC 6455 section 9.1).
public struct ExtensionDescription: Sendable, Hashable, CustomStringConvertible {
    /// A parameter, with a value or without.
    public struct Parameter: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its value, unquoted.
        public var value: String?

        /// Creates a parameter.
        public init(_ name: String, _ value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    /// The extension's name.
    public var name: String
    /// Its parameters in order.
    public var parameters: [Parameter]

    /// Creates a description.
    public init(_ name: String, parameters: [Parameter] = []) {
        self.name = name
        self.parameters = parameters
    }

    /// The description as the header field has it.
    public var description: String {
        parameters.reduce(name) { text, parameter in
            text + "; " + parameter.name + (parameter.value.map { "=" + $0 } ?? "")
        }
    }

    /// Reads one member of the field's list; nil when it is malformed.
    init?(text: String) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map { String($0).trimmingBlanks() }
        guard let name = parts.first, name.isToken else { return nil }
        var parameters: [Parameter] = []
        for part in parts.dropFirst() {
            guard let parameter = Parameter(text: part) else { return nil }
            parameters.append(parameter)
        }
        self.init(name, parameters: parameters)
    }
}

extension ExtensionDescription.Parameter {
    fileprivate init?(text: String) {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map { String($0).trimmingBlanks() }
        guard let name = halves.first, name.isToken else { return nil }
        guard halves.count == 2 else {
            self.init(name)
            return
        }
        var value = halves[1]
        // A quoted value must be a token once unquoted (section 9.1), so there is nothing to unescape.
        if value.utf8.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") {
            value = String(value.dropFirst().dropLast())
        }
        guard value.isToken else { return nil }
        self.init(name, value)
    }
}
