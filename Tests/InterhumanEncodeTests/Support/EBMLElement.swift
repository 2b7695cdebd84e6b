/// An element of a Matroska file (RFC 8794 and 9559), read strictly: sizes must fit, nothing may be left over.
struct EBMLElement {
    let id: UInt32
    /// Nil for a size that is not known, which runs to the end of its parent.
    let size: Int?
    let content: ArraySlice<UInt8>

    /// What made reading end.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads elements until the bytes end.
    static func list(_ bytes: ArraySlice<UInt8>) throws -> [EBMLElement] {
        var rest = bytes
        var elements: [EBMLElement] = []
        while !rest.isEmpty {
            let id = try number(&rest, keepsMarker: true).value
            let (size, isUnknown) = try number(&rest, keepsMarker: false)
            guard isUnknown || size <= UInt64(rest.count) else {
                throw Fault(description: "element \(String(id, radix: 16)) of \(size) bytes with \(rest.count) left")
            }
            let content = isUnknown ? rest : rest.prefix(Int(size))
            elements.append(EBMLElement(id: UInt32(id), size: isUnknown ? nil : Int(size), content: content))
            rest = rest.dropFirst(content.count)
        }
        return elements
    }

    /// A number of variable length: its first byte's leading zeroes say how many bytes it has.
    private static func number(
        _ rest: inout ArraySlice<UInt8>, keepsMarker: Bool
    ) throws -> (value: UInt64, isUnknown: Bool) {
        guard let first = rest.first, first != 0, rest.count > first.leadingZeroBitCount else {
            throw Fault(description: "no number at \(rest.startIndex)")
        }
        let length = first.leadingZeroBitCount + 1
        let whole = rest.prefix(length).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(length)
        let mask = UInt64(1) << (7 * UInt64(length)) - 1
        return (keepsMarker ? whole : whole & mask, whole & mask == mask)
    }

    /// The elements in it.
    var children: [EBMLElement] {
        get throws { try Self.list(content) }
    }

    /// The content as an unsigned number.
    var unsigned: UInt64 { content.reduce(0) { $0 << 8 | UInt64($1) } }

    /// Known elements.
    static let header: UInt32 = 0x1A45_DFA3
    static let segment: UInt32 = 0x1853_8067
    static let information: UInt32 = 0x1549_A966
    static let duration: UInt32 = 0x4489
    static let tracks: UInt32 = 0x1654_AE6B
    static let cues: UInt32 = 0x1C53_BB6B
    static let cluster: UInt32 = 0x1F43_B675
    static let timestamp: UInt32 = 0xE7
    static let simpleBlock: UInt32 = 0xA3
    static let blockGroup: UInt32 = 0xA0
    static let block: UInt32 = 0xA1
}

/// A block of a cluster.
struct EBMLBlock {
    let track: UInt8
    /// In milliseconds.
    let time: Int64
    let isKeyframe: Bool

    /// Reads the blocks of a cluster.
    static func blocks(of cluster: EBMLElement) throws -> [EBMLBlock] {
        let children = try cluster.children
        guard let timestamp = children.first, timestamp.id == EBMLElement.timestamp else {
            throw EBMLElement.Fault(description: "a cluster that does not begin with its time")
        }
        return try children.compactMap { child in
            switch child.id {
            case EBMLElement.simpleBlock:
                return EBMLBlock(child.content, base: timestamp.unsigned, isKeyframe: nil)
            case EBMLElement.blockGroup:
                guard let block = try child.children.first(where: { $0.id == EBMLElement.block }) else { return nil }
                return EBMLBlock(block.content, base: timestamp.unsigned, isKeyframe: true)
            default: return nil
            }
        }
    }

    private init?(_ content: ArraySlice<UInt8>, base: UInt64, isKeyframe: Bool?) {
        let bytes = Array(content.prefix(4))
        guard bytes.count == 4, bytes[0] & 0x80 != 0 else { return nil }
        track = bytes[0] & 0x7F
        time = Int64(base) + Int64(Int16(bitPattern: UInt16(bytes[1]) << 8 | UInt16(bytes[2])))
        self.isKeyframe = isKeyframe ?? (bytes[3] & 0x80 != 0)
    }
}
