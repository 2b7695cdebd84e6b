import Glibc

/// A blocking TCP socket; closes its descriptor when it goes.
struct Socket: ~Copyable {
    /// What the system said.
    struct Failure: Error, CustomStringConvertible {
        let call: String
        let number = errno

        var description: String { "\(call): \(String(cString: strerror(number)))" }
    }

    private let descriptor: Int32

    private init(takingOwnership descriptor: Int32) {
        self.descriptor = descriptor
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { Glibc.close(descriptor) }

    /// Connects to a numeric IPv4 address.
    static func connected(host: String, port: Int) throws(Failure) -> Socket {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket") }
        let result = Socket(takingOwnership: descriptor)
        let status = withAddress(host, port) { Glibc.connect(descriptor, $0, $1) }
        guard status == 0 else { throw Failure(call: "connect to \(host):\(port)") }
        return result
    }

    /// Listens on 127.0.0.1; port 0 takes any that is free.
    static func listening(port: Int) throws(Failure) -> Socket {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket") }
        let result = Socket(takingOwnership: descriptor)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard withAddress("127.0.0.1", port, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, 64) == 0 else {
            throw Failure(call: "listen on port \(port)")
        }
        return result
    }

    private static func withAddress(
        _ host: String, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        guard inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &address.sin_addr) == 1 else { return -1 }
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
        }
    }

    /// The port that a listening socket got.
    func port() -> Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return Int(in_port_t(bigEndian: address.sin_port))
    }

    /// Waits for the next connection.
    func accept() throws(Failure) -> Socket {
        let connection = Glibc.accept(descriptor, nil, nil)
        guard connection >= 0 else { throw Failure(call: "accept") }
        return Socket(takingOwnership: connection)
    }

    /// Makes reads give up after so many seconds.
    func setReadDeadline(seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Reads what has come, waiting for it; empty at the end of the stream.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> UnsafeRawBufferPointer {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count >= 0 { return UnsafeRawBufferPointer(rebasing: buffer[..<count]) }
            guard errno == EINTR else { throw Failure(call: "recv") }
        }
    }

    /// Writes everything.
    func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        var left = bytes
        while !left.isEmpty {
            let count = send(descriptor, left.baseAddress, left.count, Int32(MSG_NOSIGNAL))
            guard count >= 0 || errno == EINTR else { throw Failure(call: "send") }
            left = UnsafeRawBufferPointer(rebasing: left.dropFirst(max(count, 0)))
        }
    }

    /// Says that nothing more is written.
    func finishWriting() {
        shutdown(descriptor, Int32(SHUT_WR))
    }
}
