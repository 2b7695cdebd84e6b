import InterhumanCore
import InterhumanWire

/// A message that somebody is sending. Bound to the connection's event loop.
final class PendingMessage {
    /// Tells it from the connection's others.
    let number: UInt64
    var message: OutgoingMessage
    /// Payload bytes before compression.
    let byteCount: Int
    private var completion: ((Result<Void, ConnectionError>) -> Void)?

    /// - Parameter completion: Called once, when the sender may go on.
    init(_ number: UInt64, _ message: OutgoingMessage, completion: @escaping (Result<Void, ConnectionError>) -> Void) {
        self.number = number
        self.message = message
        byteCount = message.byteCount
        self.completion = completion
    }

    /// Whether a frame of it is on its way.
    var hasBegun: Bool { message.isComplete || message.bytesLeft < message.byteCount }

    /// Lets the sender go on. Harmless the second time.
    func complete(_ result: Result<Void, ConnectionError>) {
        completion.take()?(result)
    }
}
