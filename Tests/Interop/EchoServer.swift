import InterhumanCore
import InterhumanTransport
import InterhumanWire

/// Our server: `/close` closes, every other path sends each message back.
struct EchoServer {
    /// How its connections ended, in that order.
    let endings: AsyncStream<ConnectionEnding>
    private let server: WebSocketServer

    var port: Int { server.port }

    static func start(tls: TLSServerConfiguration? = nil, compression: DeflateVariant) async throws -> EchoServer {
        let (endings, continuation) = AsyncStream.makeStream(of: ConnectionEnding.self)
        let configuration = WebSocketServerConfiguration(
            tls: tls, closeTimeout: patience, keepAlive: incessantPings, compression: compression.ours)
        let server = try await WebSocketServer.start(configuration) { exchange in
            guard let channel = try? await exchange.accept(subprotocol: nil, headers: []) else { return }
            if exchange.path == "/close" { await channel.close(code: 4321, reason: "genug – 足够") }
            for await message in channel.messages {
                switch message {
                case .text(let text): try? await channel.send(text: text)
                case .binary(let bytes): try? await channel.send(binary: bytes)
                }
            }
            continuation.yield(await channel.ending())
        }
        return EchoServer(endings: endings, server: server)
    }

    func shutdown() async { await server.shutdown() }
}

/// How long tests wait for what must come.
let patience = Duration.seconds(120)

/// Each ping goes out as soon as there was a sign of life after the one before.
let incessantPings = KeepAlive(interval: .milliseconds(1), timeout: patience)
