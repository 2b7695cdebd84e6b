import InterhumanCore
import NIOCore

/// The way back of one request: everything happens on the connection's event loop, the first answer counts.
final class ServerAnswer: Sendable {
    private let eventLoop: any EventLoop
    private let handler: NIOLoopBound<ServerHandshakeHandler>

    init(eventLoop: any EventLoop, handler: ServerHandshakeHandler) {
        self.eventLoop = eventLoop
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
    }

    func accept(
        subprotocol: String?, headers: [HeaderField], oversizeText: (@Sendable () -> String)?, receiveLimit: Int?,
        receiveRate: ReceiveRate?
    ) async throws(ConnectionError) -> WebSocketChannel {
        let result = await withCheckedContinuation { continuation in
            eventLoop.execute { [handler] in
                continuation.resume(
                    returning: handler.value.accept(
                        subprotocol: subprotocol, headers: headers, oversizeText: oversizeText,
                        receiveLimit: receiveLimit, receiveRate: receiveRate))
            }
        }
        return try result.get()
    }

    func respond(status: Int, headers: [HeaderField], body: [UInt8]) async {
        await withCheckedContinuation { continuation in
            eventLoop.execute { [handler] in
                handler.value.respond(status: status, headers: headers, body: body) { continuation.resume() }
            }
        }
    }

    /// The user's handler has returned: whatever it left open is ended.
    func end() async {
        let channel = await withCheckedContinuation { continuation in
            eventLoop.execute { [handler] in continuation.resume(returning: handler.value.accepted) }
        }
        if let channel {
            await channel.close()
        } else {
            await respond(status: 500, headers: [], body: [])
        }
    }
}
