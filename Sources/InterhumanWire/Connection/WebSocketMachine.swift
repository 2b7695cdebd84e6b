/// One open WebSocket as a pure value, for either role: no socket, no clock, no random source (RFC 6455).
///
/// Its owner moves bytes and knows four verbs:
///
/// - **receive**: ``receive(_:)-(UnsafeRawBufferPointer)`` takes bytes off the front of what the network gave and
///   returns the next thing to do, or nil when the bytes are used up. ``receiveEndOfStream()`` says that no more come.
/// - **send**: ``send(text:)``, ``send(binary:compressed:)`` and ``ping(_:)`` queue frames in the output.
///   ``encodeNextFrame(of:into:)`` writes a large message straight into the owner's buffer, one frame a call.
/// - **close**: ``close(_:reason:)`` begins the closing handshake.
/// - **drain**: ``withOutput(_:)`` or ``takeOutput()`` gives the bytes to write. Do it after every other verb; between
///   two frames of a large message it lets pongs through.
///
/// ```swift
/// while let action = machine.receive(&bytes) {
///     handle(action)
/// }
/// machine.withOutput { socket.write($0) }
/// ```
///
/// The opening handshake is ``ClientHandshake``'s or ``ServerHandshake``'s; the bytes that they leave go to `receive`.
/// A machine never traps on what a peer sends; every violation has its close code in ``ProtocolViolation/rule``.
public struct WebSocketMachine: Sendable {
    /// Which side of the connection this is.
    public enum Role: Sendable {
        /// The side that masks. `maskKeys` is called once a frame and gives unpredictable keys.
        case client(maskKeys: @Sendable () -> MaskKey)
        /// The side that does not mask, and closes TCP first.
        case server
    }

    /// Which side of the connection this is.
    public let role: Role
    /// What the peer may send.
    public let limits: WebSocketLimits

    /// How the WebSocket ended; nil while it is open.
    public internal(set) var ending: WebSocketEnding?
    /// Payload bytes of the largest data frame that began to arrive: control frames can't pass while one is under way.
    public private(set) var largestFrameReceived = 0

    /// Bytes of memory that the message takes up that is on its way in, and not complete.
    public var arrivingByteCount: Int { message.reservedByteCount }

    var state = State.open
    var output = OutputQueue()
    /// Whether an ``OutgoingMessage`` has begun and not ended.
    var isSendingMessage = false
    let compression: (any MessageCompression)?

    private var parser: FrameHeaderParser
    private var frame: FrameHeader?
    private var frameBytesLeft = 0
    private var control = ControlPayload()
    private var message: IncomingMessage
    private var pending: WebSocketAction?

    enum State: Sendable {
        /// Messages go both ways.
        case open
        /// Our close frame is out; the peer's is awaited.
        case closeSent
        /// Nothing is read or sent any more.
        case closed
    }

    /// Creates a machine for a connection whose opening handshake is done.
    ///
    /// - Parameters:
    ///   - role: Which side this is.
    ///   - limits: What the peer may send.
    ///   - compression: What the handshake negotiated.
    public init(
        role: Role, limits: WebSocketLimits = WebSocketLimits(), compression: (any MessageCompression)? = nil
    ) {
        self.role = role
        self.limits = limits
        self.compression = compression
        parser = FrameHeaderParser(expectsMask: role.isServer, allowsCompression: compression != nil)
        message = IncomingMessage(limits: limits, compression: compression)
    }

    /// Takes bytes off the front of `input` up to the next action.
    ///
    /// Call it until it returns nil: then all of `input` is used up. After the end it discards what comes.
    ///
    /// - Parameter input: Bytes from the peer; on return those that are left.
    /// - Returns: What to do next, or nil.
    public mutating func receive(_ input: inout UnsafeRawBufferPointer) -> WebSocketAction? {
        if let action = pending.take() { return action }
        do throws(ProtocolViolation) {
            while state != .closed {
                guard try readFrame(&input) else { return nil }
                if let action = try endFrame() { return action }
            }
        } catch {
            return fail(WireError(error))
        }
        input = UnsafeRawBufferPointer(start: nil, count: 0)
        return nil
    }

    /// Takes bytes and returns everything that is to be done about them.
    public mutating func receive(_ bytes: some Sequence<UInt8>) -> [WebSocketAction] {
        let direct = bytes.withContiguousStorageIfAvailable { receiveAll(UnsafeRawBufferPointer($0)) }
        return direct ?? Array(bytes).withUnsafeBytes { receiveAll($0) }
    }

    private mutating func receiveAll(_ bytes: UnsafeRawBufferPointer) -> [WebSocketAction] {
        var input = bytes
        var actions: [WebSocketAction] = []
        while let action = receive(&input) { actions.append(action) }
        return actions
    }

    /// Says that the peer sends no more bytes. Call it until it returns nil.
    ///
    /// - Returns: A failure when the closing handshake had not been done; then the order to end the transport.
    public mutating func receiveEndOfStream() -> WebSocketAction? {
        if let action = pending.take() { return action }
        guard state != .closed else { return nil }
        state = .closed
        message.discard()
        ending = WebSocketEnding(closeCode: .abnormal, reason: "", initiator: nil)
        pending = .endTransport(.close)
        return .failed(
            WireError(
                .unexpectedEndOfStream, operation: "read a WebSocket frame",
                message: "The peer ended the connection without a close frame (1006). Look at the peer's own log."))
    }

    /// Fails the connection from outside: the owner found something that the machine does not check.
    ///
    /// The next ``receive(_:)-(UnsafeRawBufferPointer)`` or ``receiveEndOfStream()`` gives the order to end the
    /// transport.
    ///
    /// - Parameter error: Its `closeCode` goes to the peer, 1011 where it has none; the peer reads `message`.
    public mutating func abort(with error: WireError) {
        guard state != .closed else { return }
        _ = fail(error)
    }
}

// MARK: - Reading frames

extension WebSocketMachine {
    /// Reads until a frame is complete; false when `input` ran out before.
    private mutating func readFrame(_ input: inout UnsafeRawBufferPointer) throws(ProtocolViolation) -> Bool {
        if frame == nil {
            guard let header = try parser.consume(&input) else { return false }
            try begin(header)
        }
        guard let frame, frameBytesLeft > 0 else { return true }
        let taken = UnsafeRawBufferPointer(rebasing: input.prefix(frameBytesLeft))
        guard !taken.isEmpty else { return false }
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(taken.count))
        let phase = frame.payloadLength - frameBytesLeft
        frameBytesLeft -= taken.count
        if frame.opcode.isControl {
            control.append(taken, unmasking: frame.maskKey)
        } else {
            try message.append(taken, maskKey: frame.maskKey, phase: phase)
        }
        return frameBytesLeft == 0
    }

    private mutating func begin(_ header: FrameHeader) throws(ProtocolViolation) {
        frame = header
        frameBytesLeft = header.payloadLength
        if header.opcode.isControl {
            control = ControlPayload()
        } else {
            try message.begin(header)
            largestFrameReceived = max(largestFrameReceived, header.payloadLength)
        }
    }

    /// Acts on a complete frame; nil when it is one of several of a message.
    private mutating func endFrame() throws(ProtocolViolation) -> WebSocketAction? {
        guard let header = frame else { return nil }
        frame = nil
        switch header.opcode {
        case .ping:
            if state == .open { output.appendPong(control, maskKey: role.nextMaskKey(), limits: limits) }
            return .ping(control)
        case .pong:
            return .pong(control)
        case .close:
            return try receiveClose()
        case .continuation, .text, .binary:
            return header.isFinal ? try message.finish() : nil
        }
    }

    private mutating func receiveClose() throws(ProtocolViolation) -> WebSocketAction {
        let close = try CloseFrame(payload: control)
        let weBegan = state == .closeSent
        if !weBegan {
            output.append(.close, close.echo, maskKey: role.nextMaskKey())
        }
        state = .closed
        ending = WebSocketEnding(
            closeCode: close.code ?? .noStatus, reason: close.reason, initiator: weBegan ? .local : .remote)
        message.discard()
        pending = .endTransport(role.isServer ? .close : .awaitPeer)
        return .closeReceived(close.code ?? .noStatus, reason: close.reason)
    }

    private mutating func fail(_ error: WireError) -> WebSocketAction {
        let code = error.closeCode ?? .internalError
        let reason = CloseFrame.truncated(error.message)
        if state == .open {
            output.append(.close, CloseFrame(code: code, reason: reason).payload, maskKey: role.nextMaskKey())
        }
        ending = WebSocketEnding(closeCode: code, reason: reason, initiator: .local)
        state = .closed
        message.discard()
        pending = .endTransport(role.isServer ? .close : .awaitPeer)
        return .failed(error)
    }
}

extension WebSocketMachine.Role {
    var isServer: Bool {
        switch self {
        case .client: false
        case .server: true
        }
    }

    func nextMaskKey() -> MaskKey? {
        switch self {
        case .client(let maskKeys): maskKeys()
        case .server: nil
        }
    }
}
