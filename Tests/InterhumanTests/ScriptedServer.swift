import Foundation
import Glibc
import Testing

/// A TCP server on loopback that does one thing to whoever connects.
final class ScriptedServer: Sendable {
    /// What it does.
    enum Behaviour: Sendable {
        /// Reads a little, answers this and closes.
        case answer(String)
        /// Closes at once.
        case close
        /// Says nothing and keeps the connection.
        case silence
    }

    /// The port that it listens on.
    let port: UInt16
    private let listener: Int32
    private let connections: AsyncStream<Void>

    init(_ behaviour: Behaviour) throws {
        let (listener, port) = try Self.listen()
        (self.listener, self.port) = (listener, port)
        let (connections, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
        self.connections = connections
        Thread {
            var kept: [Int32] = []
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                continuation.yield()
                switch behaviour {
                case .silence:
                    kept.append(connection)
                case .close:
                    close(connection)
                case .answer(let text):
                    var buffer = [UInt8](repeating: 0, count: 4096)
                    _ = recv(connection, &buffer, buffer.count, 0)
                    let bytes = Array(text.utf8)
                    _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                    shutdown(connection, Int32(SHUT_WR))
                    // The peer closes first: a close with unread bytes would reset the connection.
                    while recv(connection, &buffer, buffer.count, 0) > 0 {}
                    close(connection)
                }
            }
            for connection in kept { close(connection) }
        }.start()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// Waits until somebody connects.
    func accepted() async {
        for await _ in connections { return }
    }

    /// A port that nobody listens on.
    static func unusedPort() throws -> UInt16 {
        let (listener, port) = try listen()
        close(listener)
        return port
    }

    private static func listen() throws -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, size) == 0 && Glibc.listen(descriptor, 8) == 0
                    && getsockname(descriptor, generic, &size) == 0
            }
        }
        try #require(bound)
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
}
