import InterhumanWire

/// An open WebSocket on a blocking socket.
struct WebSocket: ~Copyable {
    /// Seconds for which a read waits: longer than any pause of the suite.
    static let readDeadline = 120
    /// Seconds for which the end of the peer's stream is awaited.
    private static let closeDeadline = 5

    private let socket: Socket
    private var machine: WebSocketMachine
    private let buffer: UnsafeMutableRawBufferPointer

    init(_ socket: consuming Socket, _ machine: WebSocketMachine) {
        self.socket = socket
        self.machine = machine
        buffer = .allocate(byteCount: 262_144, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// Echoes until the connection is over; `onText` sees each text before it goes back, and may keep it from doing so.
    ///
    /// - Parameter leftover: Bytes that came glued to the handshake.
    mutating func run(leftover: [UInt8], onText: (String) -> Bool) throws {
        var isOver = try leftover.withUnsafeBytes { try take($0, onText) }
        while !isOver {
            let bytes = try socket.read(into: buffer)
            if bytes.isEmpty {
                while let action = machine.receiveEndOfStream() { _ = try act(action, onText) }
                return
            }
            isOver = try take(bytes, onText)
        }
    }

    /// True when the transport has been ended.
    private mutating func take(_ bytes: UnsafeRawBufferPointer, _ onText: (String) -> Bool) throws -> Bool {
        var input = bytes
        while let action = machine.receive(&input) {
            if try act(action, onText) { return true }
        }
        try flush()
        return false
    }

    private mutating func act(_ action: WebSocketAction, _ onText: (String) -> Bool) throws -> Bool {
        switch action {
        case .text(let text):
            if onText(text), machine.canSend { try machine.send(text: text) }
            try flush()
        case .binary(let bytes):
            if machine.canSend { try machine.send(binary: bytes, compressed: true) }
            try flush()
        case .ping, .pong, .closeReceived, .failed:
            break
        case .endTransport(let ending):
            try flush()
            if ending == .close { socket.finishWriting() }
            socket.setReadDeadline(seconds: Self.closeDeadline)
            // The suite's server resets the connection here; whatever happens now, the WebSocket is over.
            while let rest = try? socket.read(into: buffer), !rest.isEmpty {}
            return true
        }
        return false
    }

    private mutating func flush() throws {
        guard machine.hasOutput else { return }
        let bytes = machine.takeOutput()
        try bytes.withUnsafeBytes { try socket.write($0) }
    }
}
