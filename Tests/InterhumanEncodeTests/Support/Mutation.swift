/// Damages bytes in ways that repeat with the seed.
struct Mutation {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493
    }

    private mutating func random(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return limit > 0 ? Int(state >> 33) % limit : 0
    }

    /// The bytes with one to eight damages: flipped, cut, doubled, moved, overwritten.
    mutating func apply(to bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random(below: 8) where !bytes.isEmpty {
            let place = random(below: bytes.count)
            let length = 1 + random(below: min(64, bytes.count - place))
            switch random(below: 7) {
            case 0: bytes[place] ^= 1 << UInt8(random(below: 8))
            case 1: bytes.removeLast(bytes.count - place)
            case 2: bytes.insert(contentsOf: bytes[place..<place + length], at: random(below: bytes.count))
            case 3: bytes.removeSubrange(place..<place + length)
            case 4: for index in place..<place + length { bytes[index] = 0xFF }
            case 5: for index in place..<place + length { bytes[index] = 0 }
            // Lengths and counts are where readers go wrong.
            default: bytes[place] = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF][random(below: 6)]
            }
        }
        return bytes
    }
}
