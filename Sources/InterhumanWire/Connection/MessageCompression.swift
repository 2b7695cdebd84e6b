/// The port through which permessage-deflate, or another compression of whole messages, is plugged in.
///
/// A conformer belongs to one connection and may keep a window from message to message.
public protocol MessageCompression: AnyObject, Sendable {
    /// Inflates the next part of a compressed message and appends what comes out to `output`.
    ///
    /// - Parameters:
    ///   - bytes: The next bytes of the message's payload, unmasked.
    ///   - isLast: Whether the message ends with them.
    ///   - output: The message so far.
    ///   - limit: Most bytes that `output` may hold in the end.
    /// - Throws: ``ProtocolViolation/compressedDataMalformed`` or ``ProtocolViolation/inflatedTooLarge``.
    func inflate(
        _ bytes: UnsafeRawBufferPointer, isLast: Bool, into output: inout [UInt8], limit: Int
    ) throws(ProtocolViolation)

    /// Compresses a whole message; nil to send it as it is.
    func deflate(_ pieces: [[UInt8]]) -> [UInt8]?
}
