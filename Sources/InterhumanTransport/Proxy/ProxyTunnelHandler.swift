import InterhumanCore
import Logging
import NIOCore

/// Asks a proxy for a tunnel. `channelActive` goes up when the tunnel is there; then the handler makes way.
final class ProxyTunnelHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Most bytes of the proxy's answer, with the interim ones before it.
    private static let limit = 16_384

    private let proxy: HTTPProxy
    private let target: String
    private let logger: Logger
    private var received = ByteBuffer()
    /// Bytes of interim answers.
    private var interimByteCount = 0
    private var isOver = false

    /// - Parameter target: Host and port of the tunnel's other end, an IPv6 address in brackets.
    init(_ proxy: HTTPProxy, target: String, logger: Logger) {
        self.proxy = proxy
        self.target = target
        self.logger = logger
    }

    func channelActive(context: ChannelHandlerContext) {
        var request = "CONNECT \(target) HTTP/1.1\r\nHost: \(target)\r\n"
        if let user = proxy.user {
            let login = "\(user):\(proxy.password?.reveal() ?? "")"
            request += "Proxy-Authorization: Basic \(Base64.encode(Array(login.utf8)))\r\n"
        }
        context.fireUserInboundEventTriggered(ProxyTunnelStart())
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request + "\r\n")), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else {
            context.fireChannelRead(data)
            return
        }
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        while !isOver, let head = nextHead(context) { finish(context, head: head) }
    }

    /// Takes the next complete answer off the front of what came; nil when there is none, or the proxy has failed.
    private func nextHead(_ context: ChannelHandlerContext) -> String? {
        let view = received.readableBytesView
        guard view.prefix(7).elementsEqual("HTTP/1.".utf8.prefix(view.count)) else {
            fail(context, "It does not speak HTTP. Check its address and port.")
            return nil
        }
        let end = view.headerEnd
        guard interimByteCount + view.distance(from: view.startIndex, to: end ?? view.endIndex) <= Self.limit else {
            fail(context, "Its answer is too long.")
            return nil
        }
        guard let end else { return nil }
        received.moveReaderIndex(to: end)
        return String(decoding: view[..<end], as: UTF8.self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset of the connection is the proxy's doing; TLS with it has words of its own.
        guard let error = error as? IOError, !isOver else {
            context.fireErrorCaught(error)
            return
        }
        fail(context, "It broke the connection instead of an answer.", underlying: error.description)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isOver { fail(context, "It closed the connection instead of an answer.") }
        context.fireChannelInactive()
    }

    private func finish(_ context: ChannelHandlerContext, head: String) {
        let words = head.prefix { $0 != "\r\n" }.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[1].utf8.count == 3, let status = Int(words[1]) else {
            fail(context, "Its answer can't be read.")
            return
        }
        logger.debug("proxy answered", metadata: ["proxy": "\(proxy)", "status": "\(status)"])
        switch status {
        case 100..<200:
            // An interim answer; the final one follows.
            interimByteCount += head.utf8.count
        case 200..<300:
            open(context)
        // tinyproxy says 401 to a wrong password.
        case 401, 407:
            let advice =
                proxy.user == nil
                ? "It wants a user name and password. Give them in the proxy's setting or URL."
                : "It refused the user name or password. Check them, and that it takes Basic authentication."
            fail(context, advice, code: .proxyUnauthorized, status: status)
        case 403:
            fail(context, "It does not allow connections to \(target). Ask whoever runs it.", status: status)
        default:
            fail(
                context, "It could not reach \(target) (HTTP \(status)). Check the target, or try later.",
                status: status)
        }
    }

    /// The tunnel is there: everything that comes now is the other end's.
    private func open(_ context: ChannelHandlerContext) {
        isOver = true
        let rest = received
        context.fireChannelActive()
        if rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(rest)) }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    private func fail(
        _ context: ChannelHandlerContext, _ advice: String, code: ConnectionError.Code = .proxy, status: Int? = nil,
        underlying: String? = nil
    ) {
        guard !isOver else { return }
        isOver = true
        context.fireErrorCaught(
            ConnectionError(
                code, operation: "ask \(proxy) for a tunnel to \(target)",
                message: "The proxy \(proxy) gave no tunnel. \(advice)", underlying: underlying, httpStatus: status))
    }
}

/// Tells the handlers above, before `channelActive`, that the proxy is connected.
struct ProxyTunnelStart {}

extension ByteBufferView {
    /// The index after the first empty line.
    fileprivate var headerEnd: Index? {
        var index = startIndex
        while index + 4 <= endIndex {
            if self[index] == 0x0D, self[index + 1] == 0x0A, self[index + 2] == 0x0D, self[index + 3] == 0x0A {
                return index + 4
            }
            index += 1
        }
        return nil
    }
}
