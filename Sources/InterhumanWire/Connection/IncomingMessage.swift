/// A message on its way in: put together from its frames, unmasked, inflated and checked as it comes.
struct IncomingMessage: Sendable {
    /// Bytes that are unmasked at a time, so that the second look at them finds them in the first-level cache.
    private static let blockSize = 16_384
    /// Most bytes that a frame's announced length reserves: an announcement costs the peer nothing.
    private static let reservedAtOnce = 1_048_576

    private let limits: WebSocketLimits
    private let compression: (any MessageCompression)?
    private var kind: MessageKind?
    private var isCompressed = false
    private var fragmentCount = 0
    private var wireByteCount = 0
    private var bytes: [UInt8] = []
    /// Bytes of the message before.
    private var previousByteCount = 0
    private var compressed: [UInt8] = []
    private var utf8 = UTF8Validator()

    /// Bytes of memory that are taken up.
    var reservedByteCount: Int { bytes.capacity }

    init(limits: WebSocketLimits, compression: (any MessageCompression)?) {
        self.limits = limits
        self.compression = compression
    }

    /// Takes the header of the next data frame.
    mutating func begin(_ header: FrameHeader) throws(ProtocolViolation) {
        switch header.opcode {
        case .text: try start(.text, header)
        case .binary: try start(.binary, header)
        default: guard kind != nil else { throw .continuationWithoutStart }
        }
        fragmentCount += 1
        guard header.payloadLength <= limits.framePayload else { throw .frameTooLarge }
        guard header.payloadLength <= limits.message - wireByteCount else { throw .messageTooLarge }
        guard fragmentCount <= limits.fragments else { throw .tooManyFragments }
        wireByteCount += header.payloadLength
        if !isCompressed { reserve(header.payloadLength, isFinal: header.isFinal) }
    }

    private mutating func start(_ newKind: MessageKind, _ header: FrameHeader) throws(ProtocolViolation) {
        guard kind == nil else { throw .messageInsideMessage }
        kind = newKind
        isCompressed = header.isCompressed
    }

    /// Makes room for a frame, at least doubling so that many small frames stay linear. A first frame of several gets
    /// what the message before took: messages of a connection resemble each other, and growing copies them.
    private mutating func reserve(_ count: Int, isFinal: Bool) {
        let expected = bytes.isEmpty && !isFinal ? max(count, previousByteCount) : count
        let needed = bytes.count + min(expected, Self.reservedAtOnce)
        guard needed > bytes.capacity else { return }
        bytes.reserveCapacity(bytes.isEmpty ? needed : max(needed, bytes.capacity * 2))
    }

    /// Takes payload bytes of the frame.
    ///
    /// - Parameter phase: Payload bytes of the frame that came before.
    mutating func append(
        _ payload: UnsafeRawBufferPointer, maskKey: MaskKey?, phase: Int
    ) throws(ProtocolViolation) {
        var offset = 0
        while offset < payload.count {
            let count = min(Self.blockSize, payload.count - offset)
            let block = UnsafeRawBufferPointer(rebasing: payload[offset..<(offset + count)])
            if isCompressed {
                try inflate(block, maskKey: maskKey, phase: phase + offset)
            } else {
                try appendPlain(block, maskKey: maskKey, phase: phase + offset)
            }
            offset += count
        }
    }

    private mutating func appendPlain(
        _ block: UnsafeRawBufferPointer, maskKey: MaskKey?, phase: Int
    ) throws(ProtocolViolation) {
        let start = bytes.count
        bytes.append(contentsOf: block)
        if let maskKey {
            bytes.withUnsafeMutableBytes { whole in
                Masking.apply(maskKey, phase: phase, to: UnsafeMutableRawBufferPointer(rebasing: whole[start...]))
            }
        }
        try checkText(from: start)
    }

    private mutating func inflate(
        _ block: UnsafeRawBufferPointer, maskKey: MaskKey?, phase: Int
    ) throws(ProtocolViolation) {
        guard let compression else { throw .reservedBitSet }
        compressed.removeAll(keepingCapacity: true)
        compressed.append(contentsOf: block)
        compressed.withUnsafeMutableBytes { whole in
            if let maskKey { Masking.apply(maskKey, phase: phase, to: whole) }
        }
        let start = bytes.count
        do throws(ProtocolViolation) {
            try compressed.withUnsafeBufferPointer { whole throws(ProtocolViolation) in
                let whole = UnsafeRawBufferPointer(whole)
                try compression.inflate(whole, isLast: false, into: &bytes, limit: limits.message)
            }
        } catch {
            // What came out before the fault may hold an earlier one: the first fault is the one that counts.
            try checkText(from: start)
            throw error
        }
        try checkText(from: start)
    }

    private mutating func checkText(from start: Int) throws(ProtocolViolation) {
        guard kind == .text else { return }
        let isValid = bytes.withUnsafeBytes { utf8.consume(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        guard isValid else { throw .textNotUTF8 }
    }

    /// Gives the message after its last frame and makes ready for the next.
    mutating func finish() throws(ProtocolViolation) -> WebSocketAction? {
        if isCompressed, let compression {
            let start = bytes.count
            let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
            try compression.inflate(nothing, isLast: true, into: &bytes, limit: limits.message)
            try checkText(from: start)
        }
        guard utf8.isAtBoundary else { throw .textNotUTF8 }
        let whole = bytes
        previousByteCount = whole.count
        let wasText = kind == .text
        discard()
        return wasText ? .text(String(decoding: whole, as: UTF8.self)) : .binary(whole)
    }

    /// Forgets the message.
    mutating func discard() {
        kind = nil
        isCompressed = false
        fragmentCount = 0
        wireByteCount = 0
        bytes = []
        utf8 = UTF8Validator()
    }
}
