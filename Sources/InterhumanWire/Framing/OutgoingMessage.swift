/// A message on its way out: its bytes in pieces that are never joined, and how far it has gone.
///
/// ``WebSocketMachine/encodeNextFrame(of:into:)`` writes it frame by frame; between frames the caller may write
/// control frames, so that a ping never waits behind megabytes of media.
public struct OutgoingMessage: Sendable {
    /// Payload bytes of a frame unless the caller says otherwise: 64 KiB.
    public static let defaultFragmentSize = 65_536

    /// Text or binary.
    public let kind: MessageKind
    /// Payload bytes of the whole message.
    public let byteCount: Int
    /// Payload bytes that are in no frame yet.
    public private(set) var bytesLeft: Int
    /// Whether the last frame has been encoded.
    public private(set) var isComplete = false
    /// Whether the pieces hold compressed data.
    let isCompressed: Bool

    private let pieces: [[UInt8]]
    private let fragmentSize: Int
    private var piece = 0
    private var offsetInPiece = 0

    /// Creates a message.
    ///
    /// - Parameters:
    ///   - kind: Text or binary. The bytes of a text must be UTF-8.
    ///   - pieces: The payload, in order; kept by reference, copied only into the frames.
    ///   - fragmentSize: Most payload bytes of a frame; values below 1 count as 1.
    public init(_ kind: MessageKind, pieces: [[UInt8]], fragmentSize: Int = defaultFragmentSize) {
        self.init(kind, pieces: pieces, fragmentSize: fragmentSize, isCompressed: false)
    }

    init(_ kind: MessageKind, pieces: [[UInt8]], fragmentSize: Int, isCompressed: Bool) {
        self.kind = kind
        self.pieces = pieces
        self.fragmentSize = max(fragmentSize, 1)
        self.isCompressed = isCompressed
        byteCount = pieces.reduce(0) { $0 + $1.count }
        bytesLeft = byteCount
    }

    /// The same message with its bytes compressed; itself when it has begun, is compressed, or is better left alone.
    func compressed(by compression: any MessageCompression) -> OutgoingMessage {
        guard !hasBegun, !isCompressed, let deflated = compression.deflate(pieces) else { return self }
        return OutgoingMessage(kind, pieces: [deflated], fragmentSize: fragmentSize, isCompressed: true)
    }

    /// Whether a frame of it has been encoded.
    var hasBegun: Bool { isComplete || bytesLeft < byteCount }

    /// Payload bytes of the next frame.
    private var nextPayloadLength: Int { min(bytesLeft, fragmentSize) }

    /// Bytes that the next frame takes on the wire, or nil when there is none.
    ///
    /// - Parameter isMasked: True for a client.
    public func nextFrameSize(isMasked: Bool) -> Int? {
        guard !isComplete else { return nil }
        let length = nextPayloadLength
        return FrameHeader.encodedSize(payloadLength: length, isMasked: isMasked) + length
    }

    /// Writes the next frame, masking while it copies, and returns its size.
    ///
    /// - Parameters:
    ///   - maskKey: The key; nil for a server.
    ///   - destination: At least ``nextFrameSize(isMasked:)`` bytes; less, and nothing is written.
    /// - Returns: The frame's size on the wire; 0 when the message is complete or `destination` too small.
    public mutating func encodeNextFrame(
        maskKey: MaskKey?, into destination: UnsafeMutableRawBufferPointer
    ) -> Int {
        guard let size = nextFrameSize(isMasked: maskKey != nil), size <= destination.count,
            let base = destination.baseAddress
        else { return 0 }
        let length = nextPayloadLength
        let header = FrameHeader(
            opcode: hasBegun ? .continuation : kind.opcode, isFinal: length == bytesLeft,
            isCompressed: isCompressed && !hasBegun, payloadLength: length, maskKey: maskKey)
        let headerSize = header.write(to: base)
        copyPayload(to: UnsafeMutableRawBufferPointer(rebasing: destination[headerSize..<size]), maskKey: maskKey)
        bytesLeft -= length
        isComplete = bytesLeft == 0
        return size
    }

    /// Fills `destination` from the pieces; the mask's phase runs on across them.
    private mutating func copyPayload(to destination: UnsafeMutableRawBufferPointer, maskKey: MaskKey?) {
        var filled = 0
        while filled < destination.count {
            let count = min(pieces[piece].count - offsetInPiece, destination.count - filled)
            let target = UnsafeMutableRawBufferPointer(rebasing: destination[filled..<(filled + count)])
            pieces[piece].withUnsafeBytes { bytes in
                let source = UnsafeRawBufferPointer(rebasing: bytes[offsetInPiece..<(offsetInPiece + count)])
                if let maskKey {
                    Masking.copy(from: source, to: target, key: maskKey, phase: filled)
                } else {
                    target.copyMemory(from: source)
                }
            }
            filled += count
            offsetInPiece += count
            if offsetInPiece == pieces[piece].count {
                piece += 1
                offsetInPiece = 0
            }
        }
    }
}
