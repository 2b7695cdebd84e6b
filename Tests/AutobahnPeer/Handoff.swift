import Synchronization

/// Carries a socket to the thread that serves it.
final class Handoff: Sendable {
    private let socket: Mutex<Socket?>

    init(_ socket: consuming sending Socket) {
        self.socket = Mutex(socket)
    }

    /// The socket, to whoever asks first.
    func take() -> sending Socket? {
        socket.withLock { socket in
            let taken = socket.take()
            return taken
        }
    }
}
