/// The nonce of an opening handshake (`Sec-WebSocket-Key`, RFC 6455 section 4.1).
public struct HandshakeKey: Sendable, Hashable {
    /// Bytes of a nonce.
    public static let byteCount = 16

    /// The nonce in base64, as the request has it.
    let text: String

    /// Takes 16 random bytes; nil when there are more or fewer.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        text = Base64.encode(bytes)
    }

    /// Takes a header field's value; nil when it is not 16 bytes in base64.
    init?(text: String) {
        guard Base64.decode(text)?.count == Self.byteCount else { return nil }
        self.text = text
    }

    /// What `Sec-WebSocket-Accept` must be (RFC 6455 section 4.2.2).
    var acceptance: String {
        Base64.encode(SHA1.digest(of: (text + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
    }
}
