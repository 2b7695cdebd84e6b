extension WebSocketMachine {
    /// Whether messages may be sent: neither side has closed.
    public var canSend: Bool { state == .open }

    /// Queues a text message, compressed where the handshake negotiated that.
    ///
    /// - Throws: ``WireError`` with `closed` after the close frame, with `misuse` inside an ``OutgoingMessage``.
    public mutating func send(text: String) throws(WireError) {
        try queue(.text, Array(text.utf8), compressed: true)
    }

    /// Queues a binary message. For large ones use ``encodeNextFrame(of:into:)``, which saves a copy and lets control
    /// frames through.
    ///
    /// - Parameters:
    ///   - binary: The message.
    ///   - compressed: Whether to compress where the handshake negotiated it. Media does not get smaller.
    /// - Throws: ``WireError`` with `closed` after the close frame, with `misuse` inside an ``OutgoingMessage``.
    public mutating func send(binary: [UInt8], compressed: Bool = false) throws(WireError) {
        try queue(.binary, binary, compressed: compressed)
    }

    private mutating func queue(_ kind: MessageKind, _ bytes: [UInt8], compressed: Bool) throws(WireError) {
        try checkCanSend("send a message")
        guard !isSendingMessage else { throw Self.messageInProgress }
        var message = OutgoingMessage(kind, pieces: [bytes])
        if compressed { compress(&message) }
        while !message.isComplete {
            output.append(&message, maskKey: role.nextMaskKey())
        }
    }

    /// Compresses a message where the handshake negotiated that; harmless when it has begun.
    ///
    /// Call it right before the message's first frame, and send what it was called for: the peer inflates messages in
    /// the order in which they were compressed.
    public func compress(_ message: inout OutgoingMessage) {
        guard state == .open, let compression else { return }
        message = message.compressed(by: compression)
    }

    /// Bytes that the next frame of a message takes on the wire, or nil when there is none.
    public func nextFrameSize(of message: OutgoingMessage) -> Int? {
        message.nextFrameSize(isMasked: !role.isServer)
    }

    /// Writes the next frame of a message straight into the owner's buffer: one pass over the bytes, one copy.
    ///
    /// Messages don't nest: finish one before the next. Output that was queued before goes before, so drain it first.
    ///
    /// - Parameters:
    ///   - message: What is sent; remembers how far it has gone.
    ///   - destination: At least ``nextFrameSize(of:)`` bytes.
    /// - Returns: Bytes written; 0 when the message was complete.
    /// - Throws: ``WireError`` with `closed` after the close frame, with `misuse` when another message is not finished
    ///   or `destination` is too small.
    public mutating func encodeNextFrame(
        of message: inout OutgoingMessage, into destination: UnsafeMutableRawBufferPointer
    ) throws(WireError) -> Int {
        try checkCanSend("send a message")
        guard let size = nextFrameSize(of: message) else { return 0 }
        guard message.hasBegun == isSendingMessage else { throw Self.messageInProgress }
        guard destination.count >= size else {
            throw WireError(
                .misuse, operation: "encode a frame",
                message: "The buffer has \(destination.count) bytes, the frame needs \(size). Ask nextFrameSize first.")
        }
        let written = message.encodeNextFrame(maskKey: role.nextMaskKey(), into: destination)
        isSendingMessage = !message.isComplete
        return written
    }

    /// Queues a ping.
    ///
    /// - Throws: ``WireError`` with `closed` after the close frame.
    public mutating func ping(_ payload: ControlPayload = ControlPayload()) throws(WireError) {
        try checkCanSend("send a ping")
        output.append(.ping, payload, maskKey: role.nextMaskKey())
    }

    /// Queues a pong that answers nothing (RFC 6455 section 5.5.3). Answers to pings go by themselves.
    ///
    /// - Throws: ``WireError`` with `closed` after the close frame.
    public mutating func pong(_ payload: ControlPayload = ControlPayload()) throws(WireError) {
        try checkCanSend("send a pong")
        output.append(.pong, payload, maskKey: role.nextMaskKey())
    }

    /// Queues the close frame. Messages still come in until the peer's own close frame does; harmless when the
    /// connection is closing or closed.
    ///
    /// - Parameters:
    ///   - code: The code; nil sends a close frame without one.
    ///   - reason: At most 123 bytes of UTF-8; ignored without a code.
    /// - Throws: ``WireError`` with `misuse` when the code must not be sent or the reason is too long.
    public mutating func close(
        _ code: WebSocketCloseCode? = .normal, reason: String = ""
    ) throws(WireError) {
        guard code?.maySend ?? true else {
            throw WireError(
                .misuse, operation: "close the WebSocket",
                message: "The close code \(code?.rawValue ?? 0) must not be sent. Use 1000, or one from 3000 to 4999.")
        }
        guard reason.utf8.count <= CloseFrame.maximumReasonBytes else {
            throw WireError(
                .misuse, operation: "close the WebSocket",
                message: "The reason has \(reason.utf8.count) bytes of UTF-8; a close frame takes at most 123.")
        }
        guard state == .open else { return }
        output.append(.close, CloseFrame(code: code, reason: reason).payload, maskKey: role.nextMaskKey())
        state = .closeSent
    }

    /// Whether bytes wait to be written.
    public var hasOutput: Bool { !output.bytes.isEmpty }

    /// Calls `body` with the bytes that wait to be written and forgets them; the memory is used again.
    public mutating func withOutput<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { output.clear() }
        return try output.withBytes(body)
    }

    /// Gives the bytes that wait to be written and forgets them.
    public mutating func takeOutput() -> [UInt8] {
        defer { output = OutputQueue() }
        return output.bytes
    }

    private func checkCanSend(_ operation: String) throws(WireError) {
        guard state == .open else {
            throw WireError(
                .closed, operation: operation,
                message: "The WebSocket is closing or closed; nothing can be sent on it. Open another connection.")
        }
    }

    private static var messageInProgress: WireError {
        WireError(
            .misuse, operation: "send a message",
            message: "Another message is not finished. Encode all of its frames before the next message.")
    }
}
