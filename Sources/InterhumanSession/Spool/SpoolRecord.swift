import InterhumanCore

/// One record of a spool's file: magic, kind, id, length of the payload, payload, CRC-32 of all between; numbers are
/// little-endian. What does not fit the form ends the file: it is a record that the process died in.
struct SpoolRecord {
    enum Kind: UInt8 {
        case segment = 1, sending, waiting, removed
    }

    static let magic: [UInt8] = [0x49, 0x48, 0x53, 0x31]
    static let overhead = 4 + 1 + 8 + 4 + 4

    var kind: Kind
    var id: UInt64
    var payload: [UInt8] = []

    var encoded: [UInt8] {
        var bytes = Self.magic
        bytes.reserveCapacity(Self.overhead + payload.count)
        bytes.append(kind.rawValue)
        bytes.append(id)
        bytes.append(UInt32(payload.count))
        bytes += payload
        bytes.append(CRC32.checksum(of: bytes[Self.magic.count...]))
        return bytes
    }

    /// Reads the record at the front of `bytes` and removes it; nil when there is no whole, sound one.
    static func read(from bytes: inout ArraySlice<UInt8>) -> SpoolRecord? {
        guard bytes.count >= overhead, bytes.starts(with: magic) else { return nil }
        var rest = bytes.dropFirst(magic.count)
        let body = rest
        guard let kind = rest.popFirst().flatMap(Kind.init), let id: UInt64 = rest.read(),
            let length: UInt32 = rest.read(), rest.count >= Int(length) + 4
        else { return nil }
        let payload = Array(rest.prefix(Int(length)))
        rest = rest.dropFirst(Int(length))
        let checked = body[..<rest.startIndex]
        guard let checksum: UInt32 = rest.read(), checksum == CRC32.checksum(of: checked) else { return nil }
        bytes = rest
        return SpoolRecord(kind: kind, id: id, payload: payload)
    }
}

extension SpoolRecord {
    init(_ entry: SpooledSegment) {
        self.init(kind: .segment, id: entry.id)
        let segment = entry.segment
        payload.reserveCapacity(80 + segment.header.count + segment.body.count)
        for number in [
            entry.run, entry.wallClock.nanosecondsSince1970, segment.timeRange.start.nanoseconds,
            segment.timeRange.end.nanoseconds, Int64(bitPattern: segment.mediaStart.bitPattern),
            Int64(bitPattern: segment.mediaEnd.bitPattern), Int64(segment.index), Int64(segment.videoFrameCount),
            Int64(segment.audioSampleCount),
        ] {
            payload.append(number)
        }
        payload.append(UInt8(segment.beginsStream ? 1 : 0))
        payload.append(UInt32(segment.header.count))
        payload += segment.header
        payload += segment.body
    }

    /// The segment that the payload holds; nil when it is malformed.
    var segment: SpooledSegment? {
        var rest = payload[...]
        var numbers: [Int64] = []
        for _ in 0..<9 {
            guard let number: Int64 = rest.read() else { return nil }
            numbers.append(number)
        }
        guard let flag = rest.popFirst(), let headerLength: UInt32 = rest.read(), rest.count >= Int(headerLength) else {
            return nil
        }
        let segment = MediaSegment(
            index: Int(numbers[6]), header: Array(rest.prefix(Int(headerLength))),
            body: Array(rest.dropFirst(Int(headerLength))),
            timeRange: TimeRange(
                start: MediaTime(nanoseconds: numbers[2]), end: MediaTime(nanoseconds: numbers[3])),
            mediaStart: Double(bitPattern: UInt64(bitPattern: numbers[4])),
            mediaEnd: Double(bitPattern: UInt64(bitPattern: numbers[5])), videoFrameCount: Int(numbers[7]),
            audioSampleCount: Int(numbers[8]), beginsStream: flag & 1 == 1)
        return SpooledSegment(
            id: id, run: numbers[0], wallClock: WallClockTime(nanosecondsSince1970: numbers[1]), segment: segment)
    }
}

/// The checksum of IEEE 802.3, as zip and PNG have it.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { number in
        (0..<8).reduce(UInt32(number)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { value, byte in value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func read<Number: FixedWidthInteger>() -> Number? {
        let size = MemoryLayout<Number>.size
        guard count >= size else { return nil }
        defer { self = dropFirst(size) }
        return prefix(size).reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }
}
