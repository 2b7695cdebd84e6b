/// Frames that wait to be written, as bytes in one buffer that is used again and again.
struct OutputQueue: Sendable {
    /// Capacity that is kept from one use to the next, in bytes.
    private static let keptCapacity = 262_144

    private(set) var bytes: [UInt8] = []
    private var controlFrameCount = 0
    private var lastPong: Range<Int>?

    /// Appends a control frame.
    mutating func append(_ opcode: Opcode, _ payload: ControlPayload, maskKey: MaskKey?) {
        controlFrameCount += 1
        let header = FrameHeader(opcode: opcode, payloadLength: payload.count, maskKey: maskKey)
        withUnsafeTemporaryAllocation(
            byteCount: FrameHeader.maximumEncodedSize + ControlPayload.maximumCount, alignment: 8
        ) { scratch in
            guard let base = scratch.baseAddress else { return }
            let size = header.write(to: base)
            let body = UnsafeMutableRawBufferPointer(rebasing: scratch[size..<(size + payload.count)])
            payload.withUnsafeBytes { body.copyMemory(from: $0) }
            if let maskKey { Masking.apply(maskKey, phase: 0, to: body) }
            bytes.append(contentsOf: scratch[..<(size + payload.count)])
        }
    }

    /// Appends a pong. When too many control frames wait, it takes the place of the last pong: RFC 6455 section 5.5.3
    /// allows to answer the most recent ping only.
    mutating func appendPong(_ payload: ControlPayload, maskKey: MaskKey?, limits: WebSocketLimits) {
        if controlFrameCount >= limits.queuedControlFrames, let lastPong {
            bytes.removeSubrange(lastPong)
            controlFrameCount -= 1
        }
        let start = bytes.count
        append(.pong, payload, maskKey: maskKey)
        lastPong = start..<bytes.count
    }

    /// Appends the next frame of a message.
    mutating func append(_ message: inout OutgoingMessage, maskKey: MaskKey?) {
        guard let size = message.nextFrameSize(isMasked: maskKey != nil) else { return }
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: size))
        bytes.withUnsafeMutableBytes { whole in
            let destination = UnsafeMutableRawBufferPointer(rebasing: whole[start...])
            _ = message.encodeNextFrame(maskKey: maskKey, into: destination)
        }
    }

    func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withUnsafeBufferPointer { pointer throws(Failure) in try body(UnsafeRawBufferPointer(pointer)) }
    }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
        controlFrameCount = 0
        lastPong = nil
    }
}
