/// How the messages of an MP4 stream begin (ISO/IEC 14496-12).
struct MP4Inspection {
    private struct Box {
        var type: String
        var content: Range<Int>
    }

    private static let topLevel: Set<String> = [
        "ftyp", "styp", "moov", "moof", "mdat", "sidx", "free", "skip", "emsg", "prft", "mfra", "uuid",
    ]
    /// `sample_is_non_sync_sample` (section 8.8.3.1).
    private static let nonSync: UInt32 = 0x0001_0000

    private var videoTrack: UInt32?
    private var defaultFlags: UInt32?

    mutating func inspect(_ bytes: [UInt8]) -> MessageInspector.Beginning {
        let boxes = boxes(bytes, 0..<bytes.count)
        guard let first = boxes.first, Self.topLevel.contains(first.type) else { return .insideElement }
        for box in boxes {
            switch box.type {
            case "moov": readTracks(bytes, box.content)
            case "moof":
                if let isKeyframe = firstPicture(bytes, box.content) { return .whole(isKeyframeLed: isKeyframe) }
            default: break
            }
        }
        return .whole(isKeyframeLed: nil)
    }

    private mutating func readTracks(_ bytes: [UInt8], _ range: Range<Int>) {
        videoTrack = nil
        defaultFlags = nil
        let boxes = boxes(bytes, range)
        for track in boxes where track.type == "trak" {
            guard let header = child(bytes, track, "tkhd"), let media = child(bytes, track, "mdia"),
                let handler = child(bytes, media, "hdlr"),
                number(bytes, handler.content, at: 8) == 0x7669_6465  // "vide"
            else { continue }
            // The version is the first byte.
            let isLong = (number(bytes, header.content, at: 0) ?? 0) >> 24 == 1
            videoTrack = number(bytes, header.content, at: isLong ? 20 : 12)
            break
        }
        for extends in boxes where extends.type == "mvex" {
            for box in self.boxes(bytes, extends.content) where box.type == "trex" {
                guard number(bytes, box.content, at: 4) == videoTrack else { continue }
                defaultFlags = number(bytes, box.content, at: 20)
            }
        }
    }

    /// Whether the first sample of a fragment's video track is one that decoding can begin with.
    private func firstPicture(_ bytes: [UInt8], _ range: Range<Int>) -> Bool? {
        for fragment in boxes(bytes, range) where fragment.type == "traf" {
            guard let header = child(bytes, fragment, "tfhd"), let run = child(bytes, fragment, "trun"),
                number(bytes, header.content, at: 4) == videoTrack
            else { continue }
            let flags = firstFlags(bytes, run.content) ?? fragmentFlags(bytes, header.content) ?? defaultFlags
            return flags.map { $0 & Self.nonSync == 0 }
        }
        return nil
    }

    /// The first sample's flags as a run has them (section 8.8.8).
    private func firstFlags(_ bytes: [UInt8], _ run: Range<Int>) -> UInt32? {
        guard let flags = number(bytes, run, at: 0) else { return nil }
        var offset = 8 + (flags & 0x1 != 0 ? 4 : 0)
        if flags & 0x4 != 0 { return number(bytes, run, at: offset) }
        guard flags & 0x400 != 0 else { return nil }
        offset += (flags & 0x100 != 0 ? 4 : 0) + (flags & 0x200 != 0 ? 4 : 0)
        return number(bytes, run, at: offset)
    }

    /// The flags that a fragment's header has for all samples (section 8.8.7).
    private func fragmentFlags(_ bytes: [UInt8], _ header: Range<Int>) -> UInt32? {
        guard let flags = number(bytes, header, at: 0), flags & 0x20 != 0 else { return nil }
        let sizes: [(UInt32, Int)] = [(0x1, 8), (0x2, 4), (0x8, 4), (0x10, 4)]
        return number(bytes, header, at: sizes.reduce(8) { $0 + (flags & $1.0 != 0 ? $1.1 : 0) })
    }

    // MARK: Boxes

    private func child(_ bytes: [UInt8], _ box: Box, _ type: String) -> Box? {
        boxes(bytes, box.content).first { $0.type == type }
    }

    private func boxes(_ bytes: [UInt8], _ range: Range<Int>) -> [Box] {
        var boxes: [Box] = []
        var offset = range.lowerBound
        while boxes.count < 256, range.upperBound - offset >= 8 {
            let type = String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self)
            var size = Int(number(bytes, offset..<range.upperBound, at: 0) ?? 0)
            var headerSize = 8
            if size == 1, range.upperBound - offset >= 16 {
                // Beyond 4 GiB nothing fits a message.
                guard number(bytes, offset..<range.upperBound, at: 8) == 0 else { break }
                size = Int(number(bytes, offset..<range.upperBound, at: 12) ?? 0)
                headerSize = 16
            }
            if size == 0 { size = range.upperBound - offset }
            guard size >= headerSize else { break }
            let end = min(range.upperBound, offset + size)
            boxes.append(Box(type: type, content: offset + headerSize..<end))
            offset = end
        }
        return boxes
    }

    /// The 32-bit number at an offset within a range; nil when it does not lie in there.
    private func number(_ bytes: [UInt8], _ range: Range<Int>, at offset: Int) -> UInt32? {
        let start = range.lowerBound + offset
        guard start + 4 <= range.upperBound else { return nil }
        return bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
