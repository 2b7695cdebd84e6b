#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import NIOCore

/// Resets a connection when so many bytes have come, as TCP carries them. For tests of clients.
final class ReceiveLimitHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var left: Int

    init(byteCount: Int) {
        left = byteCount
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard left > 0 else { return }
        var bytes = unwrapInboundIn(data)
        let count = min(left, bytes.readableBytes)
        left -= count
        if let taken = bytes.readSlice(length: count), count > 0 { context.fireChannelRead(wrapInboundOut(taken)) }
        guard left == 0 else { return }
        // Closed with no time to linger, TCP sends RST.
        guard let socket = context.channel as? any SocketOptionProvider else { return context.close(promise: nil) }
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }
}
