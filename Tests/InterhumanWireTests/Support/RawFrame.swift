import InterhumanWire

/// A frame built byte by byte as RFC 6455 section 5.2 draws it, with every field free to be wrong. It shares no code
/// with the encoder under test.
struct RawFrame {
    var isFinal = true
    var reserved: UInt8 = 0
    var opcode: UInt8
    var payload: [UInt8] = []
    var mask: [UInt8]?
    /// Overrides the length that the header announces.
    var announcedLength: UInt64?
    /// Overrides how many bytes the extended length takes: 0, 2 or 8.
    var lengthBytes: Int?

    var bytes: [UInt8] {
        let length = announcedLength ?? UInt64(payload.count)
        let extended = lengthBytes ?? (length < 126 ? 0 : length < 65_536 ? 2 : 8)
        var frame: [UInt8] = [(isFinal ? 128 : 0) + reserved * 16 + opcode]
        let short: UInt8 = extended == 0 ? UInt8(truncatingIfNeeded: length) : extended == 2 ? 126 : 127
        frame.append((mask == nil ? 0 : 128) + short)
        for index in 0..<extended {
            frame.append(UInt8(truncatingIfNeeded: length >> UInt64(8 * (extended - 1 - index))))
        }
        guard let mask else { return frame + payload }
        return frame + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    static func text(_ text: String, isFinal: Bool = true) -> RawFrame {
        RawFrame(isFinal: isFinal, opcode: 1, payload: Array(text.utf8))
    }

    static func binary(_ payload: [UInt8], isFinal: Bool = true) -> RawFrame {
        RawFrame(isFinal: isFinal, opcode: 2, payload: payload)
    }

    static func continuation(_ payload: [UInt8], isFinal: Bool = true) -> RawFrame {
        RawFrame(isFinal: isFinal, opcode: 0, payload: payload)
    }

    static func ping(_ text: String = "") -> RawFrame { RawFrame(opcode: 9, payload: Array(text.utf8)) }
    static func pong(_ text: String = "") -> RawFrame { RawFrame(opcode: 10, payload: Array(text.utf8)) }

    static func close(_ code: UInt16? = nil, _ reason: String = "") -> RawFrame {
        let head = code.map { [UInt8($0 >> 8), UInt8($0 & 255)] } ?? []
        return RawFrame(opcode: 8, payload: head + Array(reason.utf8))
    }

    /// The frame as a client sends it.
    func masked(_ mask: [UInt8] = [0x11, 0xA2, 0x3B, 0x4C]) -> RawFrame {
        var frame = self
        frame.mask = mask
        return frame
    }
}

/// Reads frames back, one after another, as simply as can be; nil when the bytes are no whole frames.
func parseFrames(_ bytes: [UInt8]) -> [RawFrame]? {
    var rest = bytes[...]
    var frames: [RawFrame] = []
    while !rest.isEmpty {
        guard rest.count >= 2 else { return nil }
        let (first, second) = (rest[rest.startIndex], rest[rest.startIndex + 1])
        rest = rest.dropFirst(2)
        let extended = second & 127 == 126 ? 2 : second & 127 == 127 ? 8 : 0
        let length = extended == 0 ? Int(second & 127) : rest.prefix(extended).reduce(0) { $0 * 256 + Int($1) }
        rest = rest.dropFirst(extended)
        let mask = second & 128 == 0 ? nil : Array(rest.prefix(4))
        rest = rest.dropFirst(mask?.count ?? 0)
        guard rest.count >= length else { return nil }
        let payload = rest.prefix(length).enumerated().map { $1 ^ (mask?[$0 % 4] ?? 0) }
        rest = rest.dropFirst(length)
        frames.append(
            RawFrame(
                isFinal: first & 128 != 0, reserved: first >> 4 & 7, opcode: first & 15, payload: payload, mask: mask))
    }
    return frames
}

extension WebSocketMachine {
    static let testKey = MaskKey(0x37, 0xFA, 0x21, 0x3D)

    static func client(limits: WebSocketLimits = WebSocketLimits()) -> WebSocketMachine {
        WebSocketMachine(role: .client(maskKeys: { testKey }), limits: limits)
    }

    static func server(limits: WebSocketLimits = WebSocketLimits()) -> WebSocketMachine {
        WebSocketMachine(role: .server, limits: limits)
    }

    /// What the queued output says, as frames.
    mutating func takeFrames() -> [RawFrame] {
        parseFrames(takeOutput()) ?? []
    }
}

extension WebSocketAction {
    var violation: ProtocolViolation? {
        if case .failed(let error) = self { error.violation } else { nil }
    }
}
