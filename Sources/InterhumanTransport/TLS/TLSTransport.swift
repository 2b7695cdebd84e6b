import CInterhumanOpenSSL
import NIOCore
import Synchronization

/// Ciphertext on its way in and out of one TLS session: what OpenSSL sees as its socket.
///
/// A BIO of our own instead of OpenSSL's memory BIO, because that one moves its remaining bytes on every partial
/// read; instead of a socket BIO, because SwiftNIO owns the socket, and SIGPIPE can't happen without one.
final class TLSTransport {
    /// Received and not yet read by OpenSSL.
    private var incoming = CircularBuffer<ByteBuffer>()
    /// Bytes in `incoming`.
    private(set) var incomingCount = 0
    /// The first bytes that ever came, to tell a peer that does not speak TLS.
    private(set) var firstBytes: [UInt8] = []
    /// Whether the peer's end of the connection is closed.
    var isAtEnd = false
    /// Written by OpenSSL and not yet taken.
    private var outgoing = ByteBuffer()

    /// Makes a BIO over this transport; the caller owns it and keeps the transport alive for as long.
    func makeBIO() -> OpaquePointer? {
        guard let method = Self.method.pointer, let bio = BIO_new(method) else { return nil }
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(bio, 1)
        return bio
    }

    /// Takes bytes from the network.
    func receive(_ bytes: ByteBuffer) {
        if firstBytes.count < 8 {
            firstBytes += bytes.readableBytesView.prefix(8 - firstBytes.count)
        }
        guard bytes.readableBytes > 0 else { return }
        incomingCount += bytes.readableBytes
        incoming.append(bytes)
    }

    /// Lets OpenSSL write about `byteCount` bytes into one buffer of that size, and gives what it wrote since the last
    /// time.
    func collect(_ byteCount: Int, _ body: () -> Void) -> ByteBuffer? {
        guard outgoing.readableBytes == 0 else {
            body()
            return takeOutgoing()
        }
        let buffer = BufferPool.current.filled(capacity: byteCount) { buffer in
            swap(&buffer, &outgoing)
            body()
            swap(&buffer, &outgoing)
        }
        return buffer.readableBytes > 0 ? buffer : nil
    }

    /// Gives what OpenSSL wrote; nil when there is nothing.
    func takeOutgoing() -> ByteBuffer? {
        guard outgoing.readableBytes > 0 else { return nil }
        defer { outgoing = ByteBuffer() }
        return outgoing
    }

    /// Copies received bytes to OpenSSL; the number of them.
    private func read(into target: UnsafeMutableRawBufferPointer) -> Int {
        var copied = 0
        while copied < target.count, !incoming.isEmpty {
            let count = min(target.count - copied, incoming[incoming.startIndex].readableBytes)
            incoming[incoming.startIndex].readWithUnsafeReadableBytes { bytes in
                UnsafeMutableRawBufferPointer(rebasing: target[copied...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
                return count
            }
            copied += count
            if incoming[incoming.startIndex].readableBytes == 0 { incoming.removeFirst() }
        }
        incomingCount -= copied
        return copied
    }

    private static func transport(of bio: OpaquePointer?) -> TLSTransport? {
        guard let data = BIO_get_data(bio) else { return nil }
        return Unmanaged<TLSTransport>.fromOpaque(data).takeUnretainedValue()
    }

    private static let method = Method()

    /// Owns the BIO's table of functions for the life of the process.
    ///
    /// `@unchecked Sendable`: filled in `init`, which the lazy static runs once, and only read afterwards.
    private final class Method: @unchecked Sendable {
        let pointer: OpaquePointer?

        init() {
            let type = BIO_get_new_index() | ihBIOTypeSourceSink()
            pointer = BIO_meth_new(type, "interhuman transport")
            BIO_meth_set_read(pointer) { bio, bytes, count in
                ihBIOClearRetry(bio)
                guard let transport = transport(of: bio), let bytes, count > 0 else { return -1 }
                let copied = transport.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: Int(count)))
                if copied > 0 { return Int32(copied) }
                if transport.isAtEnd { return 0 }
                ihBIOSetRetryRead(bio)
                return -1
            }
            BIO_meth_set_write(pointer) { bio, bytes, count in
                ihBIOClearRetry(bio)
                guard let transport = transport(of: bio), let bytes, count >= 0 else { return -1 }
                transport.outgoing.writeBytes(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
                return count
            }
            BIO_meth_set_ctrl(pointer) { bio, command, _, _ in
                switch command {
                case BIO_CTRL_FLUSH, BIO_CTRL_DUP: 1
                case BIO_CTRL_EOF: transport(of: bio).map { $0.isAtEnd && $0.incomingCount == 0 ? 1 : 0 } ?? 1
                case BIO_CTRL_PENDING: transport(of: bio)?.incomingCount ?? 0
                default: 0
                }
            }
        }

        deinit {
            BIO_meth_free(pointer)
        }
    }
}
