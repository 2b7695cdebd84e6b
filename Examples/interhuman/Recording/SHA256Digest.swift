import CInterhumanOpenSSL
import FoundationEssentials

/// A SHA-256 checksum.
struct SHA256Digest {
    private let bytes: [UInt8]

    /// Computes the checksum of `data`.
    init(of data: Data) {
        bytes = [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
            data.withUnsafeBytes { input in
                _ = SHA256(input.baseAddress?.assumingMemoryBound(to: UInt8.self), input.count, digest.baseAddress)
            }
            count = digest.count
        }
    }

    /// The checksum as 64 lower-case digits.
    var hexadecimal: String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
