import NIOCore
import NIOPosix

/// For programs that can't choose a port themselves. Another program may take it before they do: try again then.
enum FreePort {
    /// A port of 127.0.0.1 that nobody listens on at this moment.
    static func find() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }
}
