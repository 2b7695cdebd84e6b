/// How the messages of a WebM stream begin (RFC 8794, RFC 9559).
struct WebMInspection {
    private enum ID {
        static let header: UInt32 = 0x1A45_DFA3
        static let segment: UInt32 = 0x1853_8067
        static let tracks: UInt32 = 0x1654_AE6B
        static let trackEntry: UInt32 = 0xAE
        static let trackNumber: UInt32 = 0xD7
        static let trackType: UInt32 = 0x83
        static let cluster: UInt32 = 0x1F43_B675
        static let simpleBlock: UInt32 = 0xA3
        static let blockGroup: UInt32 = 0xA0
        static let block: UInt32 = 0xA1
        static let referenceBlock: UInt32 = 0xFB
        /// What may stand at the beginning of a message besides: the rest of the segment's own children.
        static let others: Set<UInt32> = [0x1549_A966, 0x114D_9B74, 0x1C53_BB6B, 0x1254_C367, 0xEC]
    }

    /// An element's header: where its content lies. An unknown size reaches to the end of the bytes.
    private struct Element {
        var id: UInt32
        var content: Range<Int>
    }

    private var videoTrack: UInt64?

    mutating func inspect(_ bytes: [UInt8]) -> MessageInspector.Beginning {
        let known: Set<UInt32> = [ID.header, ID.segment, ID.tracks, ID.cluster]
        guard let first = element(bytes, at: 0, end: bytes.count), known.union(ID.others).contains(first.id) else {
            return .insideElement
        }
        return .whole(isKeyframeLed: firstPicture(bytes))
    }

    /// Whether the first picture is a keyframe.
    private mutating func firstPicture(_ bytes: [UInt8]) -> Bool? {
        var offset = 0
        while let element = element(bytes, at: offset, end: bytes.count) {
            switch element.id {
            case ID.segment, ID.cluster:
                // Their children follow; what comes after the last of them is met on the way.
                offset = element.content.lowerBound
                continue
            case ID.tracks: readTracks(bytes, element.content)
            case ID.simpleBlock:
                if let flags = flags(bytes, element.content) { return flags & 0x80 != 0 }
            case ID.blockGroup:
                if let isKeyframe = keyframe(bytes, group: element.content) { return isKeyframe }
            default: break
            }
            offset = element.content.upperBound
        }
        return nil
    }

    private mutating func readTracks(_ bytes: [UInt8], _ range: Range<Int>) {
        videoTrack = nil
        for entry in children(bytes, range) where entry.id == ID.trackEntry {
            let members = children(bytes, entry.content)
            let isVideo = members.contains { $0.id == ID.trackType && number(bytes, $0.content) == 1 }
            guard isVideo, let track = members.first(where: { $0.id == ID.trackNumber }) else { continue }
            videoTrack = number(bytes, track.content)
            return
        }
    }

    /// The flags of a block of the video track; nil for another track's.
    private func flags(_ bytes: [UInt8], _ range: Range<Int>) -> UInt8? {
        guard let track = variableNumber(bytes, at: range.lowerBound, end: range.upperBound),
            track.value == videoTrack, track.end + 2 < range.upperBound
        else { return nil }
        return bytes[track.end + 2]
    }

    /// A block in a group is a keyframe when it refers to no other.
    private func keyframe(_ bytes: [UInt8], group: Range<Int>) -> Bool? {
        let members = children(bytes, group)
        guard let block = members.first(where: { $0.id == ID.block }), flags(bytes, block.content) != nil else {
            return nil
        }
        return !members.contains { $0.id == ID.referenceBlock }
    }

    // MARK: EBML

    /// The children of a master element; few, for those that are asked for.
    private func children(_ bytes: [UInt8], _ range: Range<Int>) -> [Element] {
        var elements: [Element] = []
        var offset = range.lowerBound
        while elements.count < 256, let element = element(bytes, at: offset, end: range.upperBound) {
            elements.append(element)
            offset = element.content.upperBound
        }
        return elements
    }

    private func element(_ bytes: [UInt8], at offset: Int, end: Int) -> Element? {
        guard offset < end else { return nil }
        let length = bytes[offset].leadingZeroBitCount + 1
        guard length <= 4, offset + length < end else { return nil }
        let id = bytes[offset..<offset + length].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard let size = variableNumber(bytes, at: offset + length, end: end) else { return nil }
        let rest = end - size.end
        let count = size.isUnknown || size.value > UInt64(rest) ? rest : Int(size.value)
        return Element(id: id, content: size.end..<size.end + count)
    }

    /// A number of variable length (RFC 8794, section 4).
    private func variableNumber(
        _ bytes: [UInt8], at offset: Int, end: Int
    ) -> (value: UInt64, isUnknown: Bool, end: Int)? {
        guard offset < end else { return nil }
        let length = bytes[offset].leadingZeroBitCount + 1
        guard length <= 8, offset + length <= end else { return nil }
        let all = bytes[offset..<offset + length].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let mask = UInt64(1) << (7 * UInt64(length)) - 1
        return (all & mask, all & mask == mask, offset + length)
    }

    private func number(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        bytes[range].suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
