/// The containers that a ``MediaStreamDecoder`` reads, told apart by their first bytes.
enum ContainerKind: Sendable {
    case webM
    case mp4

    /// Bytes that are enough to tell.
    static let neededByteCount = 8

    /// Recognises a container's first bytes; nil when it is none, or there are too few.
    ///
    /// WebM begins with the EBML magic (RFC 8794, section 11.2.1), MP4 with a box of type `ftyp` (ISO/IEC 14496-12,
    /// section 4.3).
    init?(firstBytes bytes: [UInt8]) {
        if bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            self = .webM
        } else if bytes.count >= 8, bytes[4..<8].elementsEqual([0x66, 0x74, 0x79, 0x70]) {
            self = .mp4
        } else {
            return nil
        }
    }

    /// The name of FFmpeg's demuxer.
    var demuxer: String {
        switch self {
        case .webM: "matroska"
        case .mp4: "mp4"
        }
    }

    /// The name for people.
    var name: String {
        switch self {
        case .webM: "webm"
        case .mp4: "mp4"
        }
    }
}
