import InterhumanCore
import InterhumanTransport

/// A server's handler that sends back every message.
@Sendable func echo(_ exchange: ServerExchange) async {
    guard let channel = try? await exchange.accept(subprotocol: nil, headers: []) else { return }
    for await message in channel.messages {
        switch message {
        case .text(let text): try? await channel.send(text: text)
        case .binary(let bytes): try? await channel.send(binary: bytes)
        }
    }
}

extension ConnectionRequest {
    /// A request to a server of the test.
    static func local(
        _ server: WebSocketServer, secure: Bool = false, host: String = "127.0.0.1", path: String = "/"
    ) throws -> ConnectionRequest {
        try local(port: server.port, secure: secure, host: host, path: path)
    }

    static func local(
        port: Int, secure: Bool = false, host: String = "127.0.0.1", path: String = "/"
    ) throws -> ConnectionRequest {
        let endpoint = try ServiceEndpoint(url: "\(secure ? "wss" : "ws")://\(host):\(port)\(path)")
        return ConnectionRequest(endpoint: endpoint, credential: Credential("ih_test_secret"))
    }
}
