#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An IP address as bytes: 4, or 16. An IPv4 address inside IPv6 counts as IPv4.
struct IPAddress: Equatable {
    let bytes: [UInt8]

    init?(_ text: String) {
        var whole = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &whole) == 1 {
            bytes = Array(whole.prefix(4))
            return
        }
        guard inet_pton(AF_INET6, text, &whole) == 1 else { return nil }
        let isMapped = whole.prefix(10).allSatisfy { $0 == 0 } && whole[10] == 0xFF && whole[11] == 0xFF
        bytes = isMapped ? Array(whole.suffix(4)) : whole
    }

    /// Whether the address is of the machine itself: 127.0.0.0/8 or ::1.
    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }
}

/// Addresses that share a prefix: `10.0.0.0/8`, or one address.
struct IPNetwork {
    private let address: IPAddress
    private let prefixLength: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)) else { return nil }
        let bits = address.bytes.count * 8
        guard parts.count == 2 else {
            self.address = address
            prefixLength = bits
            return
        }
        guard let length = Int(parts[1]), (0...bits).contains(length) else { return nil }
        self.address = address
        prefixLength = length
    }

    func contains(_ other: IPAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        return zip(address.bytes, other.bytes).enumerated().allSatisfy { index, pair in
            let bits = min(8, max(0, prefixLength - index * 8))
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
            return pair.0 & mask == pair.1 & mask
        }
    }
}
