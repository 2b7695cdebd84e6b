import Glibc
import NIOCore

/// A port of ::1 where connecting never ends: its queue is full, and the kernel drops what else knocks.
final class BlackHole {
    private let listener: Int32
    private let filler: Int32

    /// Nil when the port is taken.
    init?(port: Int) throws {
        let address = try SocketAddress(ipAddress: "::1", port: port)
        let listener = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        let filler = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        self.filler = filler
        let isFull = address.withSockAddr { address, size in
            let size = socklen_t(size)
            // A queue of 0 has room for one.
            return bind(listener, address, size) == 0 && listen(listener, 0) == 0 && connect(filler, address, size) == 0
        }
        guard isFull else { return nil }
    }

    deinit {
        close(listener)
        close(filler)
    }
}
