import Dispatch
import Synchronization

/// Runs a blocking server beside the client.
struct ServerThread {
    private let group = DispatchGroup()

    init(_ body: @escaping @Sendable () -> Void) {
        DispatchQueue.global().async(group: group, execute: body)
    }

    func join() { group.wait() }
}

/// Carries a socket to the thread that serves it.
final class Handoff: Sendable {
    private let socket: Mutex<LoopbackSocket?>

    init(_ socket: consuming sending LoopbackSocket) {
        self.socket = Mutex(socket)
    }

    /// The socket, to whoever asks first.
    func take() -> sending LoopbackSocket? {
        socket.withLock { $0.take() }
    }
}
