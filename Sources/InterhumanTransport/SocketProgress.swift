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
    /// Bytes that came from it since the connection began, read or not.
    var received: UInt64 = 0

    /// `tcpi_bytes_acked` in the kernel's `struct tcp_info` (linux/tcp.h, since 4.1; fields never move), and
    /// `tcpi_bytes_received` behind it. The C library declares only the older part.
    private static let acknowledgedOffset = 120

    /// Reads a connected TCP socket; zeros where the system can't tell.
    init(descriptor: NIOBSDSocket.Handle) {
        withUnsafeTemporaryAllocation(byteCount: Self.acknowledgedOffset + 16, alignment: 8) { info in
            var length = socklen_t(info.count)
            let result = getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, info.baseAddress, &length)
            guard result == 0, length == info.count else { return }
            acknowledged = info.load(fromByteOffset: Self.acknowledgedOffset, as: UInt64.self)
            received = info.load(fromByteOffset: Self.acknowledgedOffset + 8, as: UInt64.self)
        }
        var count: Int32 = 0
        if ioctl(descriptor, UInt(TIOCOUTQ), &count) == 0 { outstanding = Int(count) }
    }

    /// Of nothing: a channel without a socket.
    init() {}

    /// Whether the peer did anything since: sent bytes, of which some may make no whole TLS record yet, or took bytes that
    /// lie before a ping of ours, which may still wait behind others.
    func showsLife(since earlier: SocketProgress) -> Bool {
        received > earlier.received || (outstanding > 0 && acknowledged > earlier.acknowledged)
    }
}
