import InterhumanWire
import Synchronization

/// The two streams of one connection (RFC 7692 section 7.2).
///
/// A machine uses it from one place at a time; the lock is there so that this is safe and not only a promise.
final class DeflateCompression: MessageCompression {
    private struct Streams: ~Copyable {
        var deflate: DeflateStream
        var inflate: InflateStream
    }

    private let streams: Mutex<Streams>
    private let keepsOwnContext: Bool
    private let keepsPeerContext: Bool
    private let minimumSize: Int

    /// What every flushed block ends with, and no message shows (RFC 7692 section 7.2.1).
    private static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]

    /// Begins compression; nil when zlib has no memory.
    init?(_ agreement: DeflateAgreement, isServer: Bool, level: Int, minimumSize: Int) {
        let own = isServer ? agreement.server : agreement.client
        let peer = isServer ? agreement.client : agreement.server
        guard let deflate = DeflateStream(windowBits: own.windowBits, level: level),
            let inflate = InflateStream(windowBits: peer.windowBits)
        else { return nil }
        streams = Mutex(Streams(deflate: deflate, inflate: inflate))
        keepsOwnContext = own.keepsContext
        keepsPeerContext = peer.keepsContext
        self.minimumSize = minimumSize
    }

    func inflate(
        _ bytes: UnsafeRawBufferPointer, isLast: Bool, into output: inout [UInt8], limit: Int
    ) throws(ProtocolViolation) {
        let outcome = streams.withLock { streams in
            let outcome = streams.inflate.inflate(bytes, into: &output, limit: limit)
            guard isLast, case .done = outcome else { return outcome }
            let end = Self.tail.withUnsafeBytes { streams.inflate.inflate($0, into: &output, limit: limit) }
            if !keepsPeerContext { streams.inflate.reset() }
            return end
        }
        switch outcome {
        case .done: return
        case .malformed: throw .compressedDataMalformed
        case .tooLarge: throw .inflatedTooLarge
        }
    }

    func deflate(_ pieces: [[UInt8]]) -> [UInt8]? {
        let byteCount = pieces.reduce(0) { $0 + $1.count }
        guard byteCount >= minimumSize else { return nil }
        // zlib gives nothing for a second flush in a row; section 7.2.3.6 says what stands for nothing.
        guard byteCount > 0 else { return [0x00] }
        return streams.withLock { streams in
            var output: [UInt8] = []
            output.reserveCapacity(byteCount / 4 + 64)
            for piece in pieces where !piece.isEmpty {
                piece.withUnsafeBytes { streams.deflate.compress($0, flush: false, into: &output) }
            }
            streams.deflate.compress(UnsafeRawBufferPointer(start: nil, count: 0), flush: true, into: &output)
            if !keepsOwnContext { streams.deflate.reset() }
            output.removeLast(Self.tail.count)
            return output
        }
    }
}
