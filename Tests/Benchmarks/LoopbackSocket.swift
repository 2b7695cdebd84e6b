import Glibc

/// An end of a TCP connection over loopback.
struct LoopbackSocket: ~Copyable {
    private let descriptor: Int32

    private init(takingOwnership descriptor: Int32) {
        self.descriptor = descriptor
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { Glibc.close(descriptor) }

    struct Failure: Error {
        let number = errno
    }

    /// Both ends of a new connection.
    static func pair() throws(Failure) -> LoopbackPair {
        let listener = LoopbackSocket(takingOwnership: socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let client = LoopbackSocket(takingOwnership: socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener.descriptor, address, size) | listen(listener.descriptor, 1)
                    | getsockname(listener.descriptor, address, &size) | connect(client.descriptor, address, size)
            }
        }
        let accepted = accept(listener.descriptor, nil, nil)
        guard status == 0, accepted >= 0 else { throw Failure() }
        return LoopbackPair(client: client, server: LoopbackSocket(takingOwnership: accepted))
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        recv(descriptor, buffer.baseAddress, buffer.count, 0)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var left = bytes
        while !left.isEmpty {
            let count = send(descriptor, left.baseAddress, left.count, Int32(MSG_NOSIGNAL))
            guard count > 0 else { return false }
            left = UnsafeRawBufferPointer(rebasing: left.dropFirst(count))
        }
        return true
    }

    func finish() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

/// Both ends of a connection.
struct LoopbackPair: ~Copyable {
    let client: LoopbackSocket
    let server: LoopbackSocket
}
