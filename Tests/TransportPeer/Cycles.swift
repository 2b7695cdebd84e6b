import InterhumanCore
import InterhumanTransport
import NIOCore
import NIOPosix

/// Connects and gives up again and again, at every instant of a connection's beginning, and counts what is left.
enum Cycles {
    /// What a run of cycles came to.
    struct Report: Encodable {
        /// Connections that were open before they were given up.
        var opened: Int
        var before: Holdings
        var after: Holdings
    }

    /// Runs cycles against a server of its own, TLS every second time; returns when everything is freed.
    ///
    /// - Returns: How many connections were opened before they were given up.
    static func run(_ count: Int, identity: TLSServerConfiguration, trust: TLSConfiguration) async throws -> Int {
        let plain = try await server(nil)
        let secure = try await server(identity)
        let connector = WebSocketConnector(WebSocketConnectorConfiguration(tls: trust, proxy: .none))
        let requests = try [("ws", plain.port), ("wss", secure.port)].map { scheme, port in
            ConnectionRequest(
                endpoint: try ServiceEndpoint(url: "\(scheme)://127.0.0.1:\(port)/"),
                credential: Credential("ih_test_secret"))
        }
        let opened = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    var opened = 0
                    for number in stride(from: worker, to: count, by: 8) {
                        opened += await cycle(number, connector, requests[number / 8 % 2]) ? 1 : 0
                    }
                    return opened
                }
            }
            return await group.reduce(0, +)
        }
        await plain.shutdown()
        await secure.shutdown()
        await settle()
        return opened
    }

    private static func server(_ tls: TLSServerConfiguration?) async throws -> WebSocketServer {
        try await WebSocketServer.start(WebSocketServerConfiguration(tls: tls)) { exchange in
            guard let channel = try? await exchange.accept(subprotocol: nil, headers: []) else { return }
            for await _ in channel.messages {}
        }
    }

    /// One connection; whether it was opened.
    private static func cycle(
        _ number: Int, _ connector: WebSocketConnector, _ request: ConnectionRequest
    ) async -> Bool {
        let connecting = Task { try? await connector.connectWebSocket(request) }
        // Zero to some milliseconds: from before the first system call to after the 101.
        if number % 4 > 0 { try? await Task.sleep(for: .microseconds(number % 97 * 60)) }
        if number % 16 != 15 { connecting.cancel() }
        guard let channel = await connecting.value else { return false }
        if number % 3 == 0 { await channel.close() } else { await channel.abort() }
        return true
    }

    /// Lets every event loop finish what it has begun: a socket that came too late for its try is closed there.
    private static func settle() async {
        for _ in 0..<10 {
            for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() { try? await loop.submit {}.get() }
        }
    }
}
