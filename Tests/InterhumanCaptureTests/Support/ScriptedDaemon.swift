import InterhumanCore

@testable import InterhumanCapture

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A sound server with one microphone that goes wrong at one request. Each connection has a thread, which ends with it.
final class ScriptedDaemon: SoundDaemon {
    enum Fault: Sendable {
        case silence
        case hangsUp
        case error(UInt32)
    }

    private let directory: String
    private let listener: Int32
    /// The request at which it goes wrong was made.
    let reached = OneShot<Void>()

    var address: String { "unix:\(directory)/native" }

    init(at command: NativeProtocol.Command, _ fault: Fault) throws {
        directory = try Command.temporaryDirectory("interhuman-script")
        listener = try Self.listen("\(directory)/native")
        let (listener, reached) = (listener, reached)
        try DeviceThread.start(named: "test-daemon") {
            // Ends when `deinit` shuts the listener down.
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                try? DeviceThread.start(named: "test-client") {
                    Self.serve(connection, at: command, fault, reached)
                    _ = Glibc.close(connection)
                }
            }
            _ = Glibc.close(listener)
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        unlink("\(directory)/native")
        rmdir(directory)
    }

    private static func listen(_ path: String) throws(SystemFailure) -> Int32 {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw SystemFailure(call: "socket", code: errno) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let status = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0, Glibc.listen(listener, 8) == 0 else { throw SystemFailure(call: "bind", code: errno) }
        return listener
    }

    /// Answers one client until it goes, or until the fault.
    private static func serve(
        _ connection: Int32, at faulty: NativeProtocol.Command, _ fault: Fault, _ reached: OneShot<Void>
    ) {
        while let descriptor = read(NativeProtocol.descriptorLength, from: connection),
            let packet = read(Int(number(descriptor, at: 0)), from: connection)
        {
            // The command and the tag, each after a byte that says that it is a number.
            guard packet.count >= 10, let command = NativeProtocol.Command(rawValue: number(packet, at: 1)) else {
                continue
            }
            let tag = number(packet, at: 6)
            guard command == faulty else {
                if let reply = NativeProtocol.reply(to: command, tag: tag) { write(reply, to: connection) }
                continue
            }
            reached.fulfil(())
            switch fault {
            case .silence: continue
            case .hangsUp: return
            case .error(let code): write(NativeProtocol.error(code, tag: tag), to: connection)
            }
        }
    }

    private static func read(_ count: Int, from connection: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return recv(connection, &bytes, count, Int32(MSG_WAITALL)) == count ? bytes : nil
    }

    private static func write(_ bytes: [UInt8], to connection: Int32) {
        _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private static func number(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
