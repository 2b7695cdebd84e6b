/// What a peer may send before a WebSocket is open.
public struct HandshakeLimits: Sendable, Hashable {
    /// Most bytes from the start line to the empty line. 16 KiB: what nginx and most servers take in all.
    public var headerBlock = 16_384
    /// Most header fields. 100: several times what browsers and proxies send.
    public var fieldCount = 100
    /// Most bytes of body that are kept: a refusal's JSON, a request's JSON. 64 KiB.
    public var body = 65_536
    /// Most interim responses (100, 103) before the final one.
    public var interimResponses = 8

    /// The defaults.
    public init() {}
}
