/// Changes to a WebM stream that no encoder would make.
enum WebMSurgery {
    /// The stream with its first cluster, and all that is in it, moved to another time.
    static func moved(_ bytes: [UInt8], toMilliseconds milliseconds: UInt64) throws -> [UInt8] {
        let parts = try EBMLElement.list(bytes[...])[1].children
        guard let index = parts.firstIndex(where: { $0.id == EBMLElement.cluster }), index > 0,
            let timestamp = try parts[index].children.first, timestamp.id == EBMLElement.timestamp
        else { throw EBMLElement.Fault(description: "no cluster that begins with its time") }
        let before = bytes[..<parts[index - 1].content.endIndex]
        // Of unknown size, because it grows: the next cluster ends it.
        let header: [UInt8] = [0x1F, 0x43, 0xB6, 0x75, 0x01] + [UInt8](repeating: 0xFF, count: 7)
        let time: [UInt8] = [0xE7, 0x88] + (0..<8).map { UInt8(truncatingIfNeeded: milliseconds >> (56 - 8 * $0)) }
        return before + header + time + bytes[timestamp.content.endIndex...]
    }

    /// The stream with sound that claims to be of another codec, so that no packet of it can be decoded.
    static func withBrokenSound(_ bytes: [UInt8]) throws -> [UInt8] {
        guard let codec = bytes.firstRange(of: Array("A_OPUS".utf8)) else {
            throw EBMLElement.Fault(description: "no Opus")
        }
        var broken = bytes
        broken.replaceSubrange(codec, with: Array("A_DTS\0".utf8))
        return broken
    }
}
