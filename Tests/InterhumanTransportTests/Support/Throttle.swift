import NIOCore
import NIOEmbedded

/// Stands for a socket: takes `capacity` writes, then the channel is full. Counts reads. Where it holds promises, it takes
/// writes that the kernel has not taken yet.
final class Throttle: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    var capacity = Int.max
    var writeCount = 0
    var readCount = 0
    var holdsPromises = false
    private var promises: [EventLoopPromise<Void>] = []
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        writeCount += 1
        capacity -= 1
        if capacity <= 0 { setWritable(context, false) }
        guard holdsPromises, let promise else { return context.write(data, promise: promise) }
        promises.append(promise)
        context.write(data, promise: nil)
    }

    /// The kernel takes what was written, or fails to.
    func releasePromises(failing error: (any Error)? = nil) {
        for promise in promises {
            if let error { promise.fail(error) } else { promise.succeed() }
        }
        promises = []
    }

    func read(context: ChannelHandlerContext) {
        readCount += 1
        context.read()
    }

    /// Takes some more writes.
    func open(_ capacity: Int) {
        guard let context else { return }
        self.capacity = capacity
        setWritable(context, true)
        context.fireChannelWritabilityChanged()
    }

    private func setWritable(_ context: ChannelHandlerContext, _ isWritable: Bool) {
        (context.channel as? EmbeddedChannel)?.isWritable = isWritable
    }
}
