import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How far the peer's kernel is with what was sent.
struct SocketProgress {
    /// Bytes that it acknowledged since the connection began.
    var acknowledged: UInt64 = 0
    /// Bytes in the socket that it has not acknowledged.
    var outstanding = 0

    /// `tcpi_bytes_acked` in the kernel's `struct tcp_info` (linux/tcp.h, since 4.1; fields never move). The C library
    /// declares only the older part.
    private static let acknowledgedOffset = 120

    /// Reads a connected TCP socket; zeros where the system can't tell.
    init(descriptor: NIOBSDSocket.Handle) {
        withUnsafeTemporaryAllocation(byteCount: Self.acknowledgedOffset + 8, alignment: 8) { info in
            var length = socklen_t(info.count)
            let result = getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, info.baseAddress, &length)
            guard result == 0, length == info.count else { return }
            acknowledged = info.load(fromByteOffset: Self.acknowledgedOffset, as: UInt64.self)
        }
        var count: Int32 = 0
        if ioctl(descriptor, UInt(TIOCOUTQ), &count) == 0 { outstanding = Int(count) }
    }

    /// Of nothing: a channel without a socket.
    init() {}
}
