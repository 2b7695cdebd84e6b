/// Every rule of framing that a peer can break.
///
/// ``rule`` is the one table that says which close code each gets.
public enum ProtocolViolation: String, Error, Sendable, Hashable, CaseIterable {
    // Frame headers.
    /// A reserved bit is set that no extension uses.
    case reservedBitSet
    /// The opcode is none that RFC 6455 defines.
    case reservedOpcode
    /// A client's frame is not masked.
    case maskMissing
    /// A server's frame is masked.
    case maskUnexpected
    /// The length is not in its shortest form.
    case lengthNotMinimal
    /// The highest bit of a 64-bit length is set.
    case lengthHighBitSet
    // Control frames.
    /// A control frame is one of several.
    case controlFragmented
    /// A control frame has more than 125 bytes.
    case controlTooLong
    /// A close frame has one byte, which is no code.
    case closePayloadTooShort
    /// A close code that may not be sent.
    case closeCodeInvalid
    /// A close reason is no UTF-8.
    case closeReasonNotUTF8
    // Messages.
    /// A continuation comes where no message has begun.
    case continuationWithoutStart
    /// A message begins inside another.
    case messageInsideMessage
    /// A text is no UTF-8.
    case textNotUTF8
    // Compression.
    /// A control frame says that it is compressed.
    case compressedControlFrame
    /// A continuation says that it is compressed; only a message's first frame may.
    case compressedContinuation
    /// Compressed bytes can't be inflated.
    case compressedDataMalformed
    // Limits.
    /// A frame is larger than ``WebSocketLimits`` allow.
    case frameTooLarge
    /// A message is larger than ``WebSocketLimits`` allow.
    case messageTooLarge
    /// A message has more frames than ``WebSocketLimits`` allow.
    case tooManyFragments
    /// A message is larger than ``WebSocketLimits`` allow once it is inflated.
    case inflatedTooLarge

    /// What a rule costs and says.
    public struct Rule: Sendable, Hashable {
        /// The close code sent to the peer.
        public var closeCode: WebSocketCloseCode
        /// What the peer did, for people; also the close frame's reason.
        public var message: String
        /// Where the rule stands.
        public var source: String
    }

    /// The table: close code, words and source of each rule.
    public var rule: Rule {
        switch self {
        case .reservedBitSet: .protocolError("The peer set a reserved bit that nothing negotiated.", "5.2")
        case .reservedOpcode: .protocolError("The peer sent a frame with a reserved opcode.", "5.2")
        case .maskMissing: .protocolError("The client sent a frame that is not masked.", "5.1")
        case .maskUnexpected: .protocolError("The server sent a masked frame.", "5.1")
        case .lengthNotMinimal: .protocolError("The peer wrote a payload length in more bytes than needed.", "5.2")
        case .lengthHighBitSet: .protocolError("The peer sent a 64-bit payload length with its high bit set.", "5.2")
        case .controlFragmented: .protocolError("The peer fragmented a control frame.", "5.5")
        case .controlTooLong: .protocolError("The peer sent a control frame of more than 125 bytes.", "5.5")
        case .closePayloadTooShort: .protocolError("The peer sent a close frame with half a close code.", "5.5.1")
        case .closeCodeInvalid: .protocolError("The peer sent a close code that must not be sent.", "7.4")
        case .closeReasonNotUTF8: .invalidPayload("The peer sent a close reason that is not UTF-8.", "5.5.1")
        case .continuationWithoutStart:
            .protocolError("The peer continued a message that it had not begun.", "5.4")
        case .messageInsideMessage:
            .protocolError("The peer began a message before it had finished another.", "5.4")
        case .textNotUTF8: .invalidPayload("The peer sent a text message that is not UTF-8.", "8.1")
        case .compressedControlFrame:
            .protocolError("The peer marked a control frame as compressed.", "6.1", of: 7692)
        case .compressedContinuation:
            .protocolError("The peer marked a continuation frame as compressed.", "6.1", of: 7692)
        case .compressedDataMalformed:
            .invalidPayload("The peer sent compressed data that can't be inflated.", "7.2.2", of: 7692)
        case .frameTooLarge: .tooBig("The peer sent a frame that is larger than the limit.")
        case .messageTooLarge: .tooBig("The peer sent a message that is larger than the limit.")
        case .tooManyFragments: .tooBig("The peer sent a message in more fragments than the limit.")
        case .inflatedTooLarge: .tooBig("The peer sent a message that inflates to more than the limit.")
        }
    }
}

extension ProtocolViolation.Rule {
    fileprivate static func protocolError(_ message: String, _ section: String, of rfc: Int = 6455) -> Self {
        Self(closeCode: .protocolError, message: message, source: "RFC \(rfc) section \(section)")
    }

    fileprivate static func invalidPayload(_ message: String, _ section: String, of rfc: Int = 6455) -> Self {
        Self(closeCode: .invalidPayload, message: message, source: "RFC \(rfc) section \(section)")
    }

    fileprivate static func tooBig(_ message: String) -> Self {
        Self(closeCode: .messageTooBig, message: message, source: "RFC 6455 section 10.4")
    }
}
