/// The payload of a control frame: at most 125 bytes, kept inline so that pings cost no allocation.
public struct ControlPayload: Sendable {
    /// Most bytes of a control frame's payload (RFC 6455 section 5.5).
    public static let maximumCount = 125

    private typealias Words = (
        UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64,
        UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64
    )
    private var words: Words = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

    /// Number of bytes.
    public private(set) var count = 0

    /// Creates an empty payload.
    public init() {}

    /// Takes the bytes; nil when there are more than 125.
    public init?(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            guard count < Self.maximumCount else { return nil }
            append(byte)
        }
    }

    /// Calls `body` with the bytes.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try Swift.withUnsafeBytes(of: words) { whole throws(Failure) in
            try body(UnsafeRawBufferPointer(rebasing: whole[..<count]))
        }
    }

    mutating func append(_ byte: UInt8) {
        let end = count
        guard end < Self.maximumCount else { return }
        Swift.withUnsafeMutableBytes(of: &words) { $0[end] = byte }
        count = end + 1
    }

    /// Appends what fits, unmasked with `key` where there is one.
    mutating func append(_ bytes: UnsafeRawBufferPointer, unmasking key: MaskKey?) {
        let start = count
        let end = Swift.min(start + bytes.count, Self.maximumCount)
        Swift.withUnsafeMutableBytes(of: &words) { whole in
            let destination = UnsafeMutableRawBufferPointer(rebasing: whole[start..<end])
            destination.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<(end - start)]))
            if let key { Masking.apply(key, phase: start, to: destination) }
        }
        count = end
    }
}

extension ControlPayload: RandomAccessCollection, Hashable, CustomStringConvertible {
    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    public subscript(position: Int) -> UInt8 {
        withUnsafeBytes { $0[position] }
    }

    public static func == (left: ControlPayload, right: ControlPayload) -> Bool {
        left.elementsEqual(right)
    }

    public func hash(into hasher: inout Hasher) {
        withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    public var description: String { "\(count) bytes" }
}
