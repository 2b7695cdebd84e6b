import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Settings of every socket here, client's or server's.
enum SocketOptions {
    /// Above the upper mark senders wait, until less than the lower one is left. Large enough to keep a fast network
    /// busy, small enough that a ping is not long behind it and thousands of connections fit in memory.
    static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(low: 131_072, high: 524_288)

    /// Most bytes that one read takes.
    static let allocator = AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 16_384, maximum: 131_072)

    /// Small messages go at once.
    static let noDelay = ChannelOptions.Types.SocketOption(level: .tcp, name: .tcp_nodelay)

    /// The kernel looks after idle connections.
    static let keepAlive = ChannelOptions.Types.SocketOption(level: .socket, name: .so_keepalive)

    /// Bytes that the kernel takes before it can send them. Its buffers grow to megabytes, and a slow uplink would be seen
    /// by the session a minute late, behind media that counts as sent.
    static let unsentLimit = ChannelOptions.Types.SocketOption(
        level: .tcp, name: NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT))

    /// How long bytes may go unacknowledged, in milliseconds.
    static let userTimeout = ChannelOptions.Types.SocketOption(
        level: .tcp, name: NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT))
}

extension Duration {
    /// Whole milliseconds that fit a socket option.
    var socketMilliseconds: Int {
        Int(min(max(0, components.seconds), 2_000_000) * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }
}
