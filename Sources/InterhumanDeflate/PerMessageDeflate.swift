public import InterhumanWire

/// permessage-deflate (RFC 7692) over the system's zlib: give it to a handshake as its `compression`.
///
/// Text is compressed, binary messages only when the caller says so: media does not get smaller, and costs some sixty
/// times the processor time.
public struct PerMessageDeflate: CompressionNegotiation, Hashable {
    static let name = "permessage-deflate"

    /// Largest window that the client's compression may use, as a power of two from 8 to 15.
    public var clientMaxWindowBits = 15
    /// Largest window that the server's compression may use, as a power of two from 8 to 15.
    public var serverMaxWindowBits = 15
    /// Whether the client's window lives on from message to message; costs the server memory, gains on small messages.
    public var clientContextTakeover = true
    /// Whether the server's window lives on from message to message; costs the client memory, gains on small messages.
    public var serverContextTakeover = true
    /// zlib's level, from 0 to 9.
    public var level = 6
    /// Messages of fewer bytes go uncompressed.
    public var minimumSize = 0

    /// The RFC's defaults: the largest windows, kept from message to message.
    public init() {}

    public var offers: [ExtensionDescription] {
        var parameters: [ExtensionDescription.Parameter] = []
        if !serverContextTakeover { parameters.append(.init("server_no_context_takeover")) }
        if !clientContextTakeover { parameters.append(.init("client_no_context_takeover")) }
        if serverMaxWindowBits < 15 { parameters.append(.init("server_max_window_bits", String(serverBits))) }
        // Without a value it says that the server may choose one.
        parameters.append(.init("client_max_window_bits", clientBits < 15 ? String(clientBits) : nil))
        return [ExtensionDescription(Self.name, parameters: parameters)]
    }

    public func activate(response: ExtensionDescription) throws(WireError) -> any MessageCompression {
        guard let parameters = DeflateParameters(response) else {
            throw Self.bad("A parameter is unknown, repeated, or has a wrong value.")
        }
        var agreement = DeflateAgreement()
        // What was asked for must be granted (sections 7.1.1.1 and 7.1.2.1).
        guard serverContextTakeover || parameters.serverNoContextTakeover else {
            throw Self.bad("It does not do without context takeover, which was asked for.")
        }
        agreement.server.keepsContext = !parameters.serverNoContextTakeover
        agreement.server.windowBits = parameters.serverMaxWindowBits ?? 15
        guard agreement.server.windowBits <= serverBits else {
            throw Self.bad("Its window is larger than was asked for.")
        }
        agreement.client.keepsContext = clientContextTakeover && !parameters.clientNoContextTakeover
        agreement.client.windowBits = clientBits
        if let bits = parameters.clientMaxWindowBits {
            guard let bits else { throw Self.bad("Its client_max_window_bits has no value.") }
            agreement.client.windowBits = min(bits, clientBits)
        }
        return try begin(agreement, isServer: false)
    }

    public func choose(
        from offers: [ExtensionDescription]
    ) -> (response: ExtensionDescription, any MessageCompression)? {
        for offer in offers {
            guard let parameters = DeflateParameters(offer) else { continue }
            var agreement = DeflateAgreement()
            agreement.server.keepsContext = serverContextTakeover && !parameters.serverNoContextTakeover
            agreement.client.keepsContext = clientContextTakeover && !parameters.clientNoContextTakeover
            agreement.server.windowBits = min(parameters.serverMaxWindowBits ?? 15, serverBits)
            if let hint = parameters.clientMaxWindowBits {
                agreement.client.windowBits = min(hint ?? 15, clientBits)
            }
            guard let compression = try? begin(agreement, isServer: true) else { return nil }
            return (Self.response(agreement), compression)
        }
        return nil
    }

    private static func response(_ agreement: DeflateAgreement) -> ExtensionDescription {
        var parameters: [ExtensionDescription.Parameter] = []
        if !agreement.server.keepsContext { parameters.append(.init("server_no_context_takeover")) }
        if !agreement.client.keepsContext { parameters.append(.init("client_no_context_takeover")) }
        if agreement.server.windowBits < 15 {
            parameters.append(.init("server_max_window_bits", String(agreement.server.windowBits)))
        }
        if agreement.client.windowBits < 15 {
            parameters.append(.init("client_max_window_bits", String(agreement.client.windowBits)))
        }
        return ExtensionDescription(name, parameters: parameters)
    }

    private func begin(_ agreement: DeflateAgreement, isServer: Bool) throws(WireError) -> any MessageCompression {
        let compression = DeflateCompression(
            agreement, isServer: isServer, level: min(max(level, 0), 9), minimumSize: minimumSize)
        guard let compression else {
            throw WireError(
                .misuse, operation: "begin compression",
                message: "zlib can't get the memory for its windows. Free memory, or switch compression off.")
        }
        return compression
    }

    private var clientBits: Int { min(max(clientMaxWindowBits, 8), 15) }
    private var serverBits: Int { min(max(serverMaxWindowBits, 8), 15) }

    private static func bad(_ message: String) -> WireError {
        WireError(
            .badHandshake, operation: "negotiate permessage-deflate",
            message: "The server's answer is no valid permessage-deflate agreement. \(message)")
    }
}
