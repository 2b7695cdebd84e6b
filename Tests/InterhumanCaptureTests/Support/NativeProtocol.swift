/// PulseAudio's native protocol of version 12, as far as a scripted server speaks it. Numbers are big-endian.
enum NativeProtocol {
    /// What a client may ask; PulseAudio's `native-common.h` numbers it.
    enum Command: UInt32, CaseIterable {
        case createRecordStream = 5
        case authenticate = 8
        case setClientName = 9
        case getServerInfo = 20
        case getSourceInfoList = 24
    }

    /// The frame before each packet: its length, the channel of control packets, an offset and flags.
    static let descriptorLength = 20

    /// An error in answer to the request of this tag.
    static func error(_ code: UInt32, tag: UInt32) -> [UInt8] {
        packet([.number(0), .number(tag), .number(code)])
    }

    /// A good answer; nil for what this server knows nothing of.
    static func reply(to command: Command, tag: UInt32) -> [UInt8]? {
        let content: [Value] =
            switch command {
            case .authenticate: [.number(12)]
            case .setClientName: []
            case .getServerInfo:
                [.text("scripted"), .text("1"), .text("user"), .text("host"), .format, .text(""), .text("mic")]
                    + [.number(1)]
            case .getSourceInfoList: source
            case .createRecordStream: []
            }
        return packet([.number(2), .number(tag)] + content)
    }

    private static let source: [Value] = [
        .number(0), .text("mic"), .text("The mic"), .format, .monoMap, .number(.max), .fullVolume, .no, .number(.max),
        .text(""), .microseconds(0), .text("script"), .number(0),
    ]

    private enum Value {
        case number(UInt32)
        case text(String)
        case microseconds(UInt64)
        /// 48 kHz of one channel.
        case format
        case monoMap
        case fullVolume
        case no

        var bytes: [UInt8] {
            func big(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }
            return switch self {
            case .number(let value): [UInt8(ascii: "L")] + big(value)
            case .text(let text): [UInt8(ascii: "t")] + Array(text.utf8) + [0]
            case .microseconds(let value): [UInt8(ascii: "U")] + big(value)
            case .format: [UInt8(ascii: "a"), 3, 1] + big(UInt32(48_000))
            case .monoMap: [UInt8(ascii: "m"), 1, 0]
            case .fullVolume: [UInt8(ascii: "v"), 1] + big(UInt32(0x10000))
            case .no: [UInt8(ascii: "0")]
            }
        }
    }

    private static func packet(_ values: [Value]) -> [UInt8] {
        let content = values.flatMap(\.bytes)
        let descriptor = [UInt32(content.count), .max, 0, 0, 0]
        return descriptor.flatMap { withUnsafeBytes(of: $0.bigEndian, Array.init) } + content
    }
}
