import InterhumanWire

/// What both sides agreed to (RFC 7692 section 7.1).
struct DeflateAgreement: Hashable, Sendable {
    /// How one side compresses.
    struct Direction: Hashable, Sendable {
        /// Logarithm of the window's size, 8 to 15.
        var windowBits = 15
        /// Whether the window lives on from message to message.
        var keepsContext = true
    }

    var client = Direction()
    var server = Direction()
}

/// The parameters of an offer or a response, each at most once and with a value that fits.
struct DeflateParameters: Hashable, Sendable {
    var serverNoContextTakeover = false
    var clientNoContextTakeover = false
    var serverMaxWindowBits: Int?
    /// Outer nil: not there. Inner nil: there, without a value.
    var clientMaxWindowBits: Int??

    /// Reads parameters; nil when one is unknown, repeated, or has a value that it must not have.
    init?(_ description: ExtensionDescription) {
        guard description.name == PerMessageDeflate.name else { return nil }
        var seen: Set<String> = []
        for parameter in description.parameters {
            guard seen.insert(parameter.name).inserted, take(parameter) else { return nil }
        }
    }

    private mutating func take(_ parameter: ExtensionDescription.Parameter) -> Bool {
        switch (parameter.name, parameter.value) {
        case ("server_no_context_takeover", nil):
            serverNoContextTakeover = true
        case ("client_no_context_takeover", nil):
            clientNoContextTakeover = true
        case ("server_max_window_bits", let value?):
            guard let bits = Self.windowBits(value) else { return false }
            serverMaxWindowBits = bits
        case ("client_max_window_bits", nil):
            clientMaxWindowBits = .some(nil)
        case ("client_max_window_bits", let value?):
            guard let bits = Self.windowBits(value) else { return false }
            clientMaxWindowBits = bits
        default:
            return false
        }
        return true
    }

    /// 8 to 15, without leading zeros (section 7.1.2).
    private static func windowBits(_ text: String) -> Int? {
        (8...15).first { String($0) == text }
    }
}
