/// The port through which a compression extension takes part in the opening handshake.
public protocol CompressionNegotiation: Sendable {
    /// What a client offers, best first.
    var offers: [ExtensionDescription] { get }

    /// Begins compression on the client's side.
    ///
    /// - Parameter response: What the server agreed to; one of the offered names.
    /// - Throws: ``WireError`` with `badHandshake` when the server agreed to what was not offered.
    func activate(response: ExtensionDescription) throws(WireError) -> any MessageCompression

    /// Chooses among a client's offers and begins compression on the server's side; nil when none will do.
    func choose(from offers: [ExtensionDescription]) -> (response: ExtensionDescription, any MessageCompression)?
}
