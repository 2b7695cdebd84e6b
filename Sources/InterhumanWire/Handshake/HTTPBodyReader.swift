import InterhumanCore

/// Gathers the body of an HTTP message (RFC 9112 sections 6 and 7), up to a limit.
struct HTTPBodyReader: Sendable {
    /// How a body's end is found.
    enum Framing: Sendable, Hashable {
        case length(Int)
        case chunked
        case untilEnd
    }

    private enum State: Sendable {
        case fixed(bytesLeft: Int)
        case untilEnd
        case chunkSize
        case chunk(bytesLeft: Int)
        case chunkEnd
        case trailer
        case done
    }

    private let limit: Int
    private var state: State
    private var line: [UInt8] = []
    private var trailerByteCount = 0

    /// The body so far.
    private(set) var bytes: [UInt8] = []
    /// Whether there was more than the limit; the rest is not read.
    private(set) var isTruncated = false

    init(framing: Framing, limit: Int) {
        self.limit = limit
        state =
            switch framing {
            case .length(0): .done
            case .length(let count): .fixed(bytesLeft: count)
            case .chunked: .chunkSize
            case .untilEnd: .untilEnd
            }
    }

    /// Whether nothing of the body is still to come.
    var isComplete: Bool {
        if case .done = state { true } else { isTruncated }
    }

    /// Whether the end of the stream is where the body ends.
    var mayEndNow: Bool {
        if case .untilEnd = state { true } else { isComplete }
    }

    /// Takes bytes off the front of `input` until the body is complete or `input` is used up.
    mutating func consume(_ input: inout UnsafeRawBufferPointer) throws(WireError) {
        while !isComplete, !input.isEmpty {
            switch state {
            case .fixed(let bytesLeft):
                let left = bytesLeft - take(bytesLeft, from: &input)
                state = left == 0 ? .done : .fixed(bytesLeft: left)
            case .untilEnd:
                _ = take(input.count, from: &input)
            case .chunk(let bytesLeft):
                let left = bytesLeft - take(bytesLeft, from: &input)
                state = left == 0 ? .chunkEnd : .chunk(bytesLeft: left)
            case .chunkSize, .chunkEnd, .trailer:
                try takeLine(from: &input)
            case .done:
                return
            }
        }
    }

    /// Takes up to `count` bytes, keeps what the limit allows, and returns how many it took.
    private mutating func take(_ count: Int, from input: inout UnsafeRawBufferPointer) -> Int {
        let taken = input.prefix(count)
        let kept = taken.prefix(limit - bytes.count)
        bytes.append(contentsOf: kept)
        isTruncated = kept.count < taken.count
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(taken.count))
        return taken.count
    }

    /// Takes bytes of a line of chunked framing and acts on the line when it is whole.
    private mutating func takeLine(from input: inout UnsafeRawBufferPointer) throws(WireError) {
        let end = input.firstIndex(of: UInt8(ascii: "\n"))
        line.append(contentsOf: input.prefix(end ?? input.count))
        guard line.count <= longestLine else { throw Self.malformed }
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst((end ?? input.count - 1) + 1))
        guard end != nil else { return }
        guard line.last == UInt8(ascii: "\r") else { throw Self.malformed }
        let text = line.dropLast()
        state = try state(after: text)
        line = []
    }

    private mutating func state(after line: ArraySlice<UInt8>) throws(WireError) -> State {
        switch state {
        case .chunkSize:
            let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
            // Seven digits hold every size that the limit could allow.
            guard (1...7).contains(digits.count), digits.allSatisfy(\.isHexDigit),
                let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
            else { throw Self.malformed }
            return size == 0 ? .trailer : .chunk(bytesLeft: size)
        case .chunkEnd:
            guard line.isEmpty else { throw Self.malformed }
            return .chunkSize
        default:
            trailerByteCount += line.count
            guard trailerByteCount <= Self.maximumLine else { throw Self.malformed }
            return line.isEmpty ? .done : .trailer
        }
    }

    /// Most bytes of the line in progress without its LF: after a chunk there is nothing but CR LF.
    private var longestLine: Int {
        if case .chunkEnd = state { 1 } else { Self.maximumLine }
    }

    /// Most bytes of a chunk's size line and of all trailers.
    private static let maximumLine = 4096

    private static var malformed: WireError {
        WireError(
            .badHandshake, operation: "read an HTTP body", message: "The peer's chunked body is malformed.")
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        case UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}
