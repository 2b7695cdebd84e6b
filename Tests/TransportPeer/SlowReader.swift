import InterhumanCore
import InterhumanTransport

/// A sender that could fill memory in a second, and a reader that needs longer: both in this process.
enum SlowReader {
    /// What a run came to.
    struct Report: Encodable {
        /// Bytes that the reader took.
        var received: Int
        var before: Holdings
        /// When the process held most heap.
        var most: Holdings
    }

    private static let message = [UInt8](repeating: 7, count: 1_048_576)

    /// Sends messages of 1 MiB over TLS as fast as they are taken.
    static func run(
        _ count: Int, identity: TLSServerConfiguration, connect: (Int) async throws -> WebSocketChannel
    ) async throws -> Report {
        let (reports, continuation) = AsyncStream.makeStream(of: Report.self, bufferingPolicy: .bufferingNewest(1))
        let server = try await WebSocketServer.start(WebSocketServerConfiguration(tls: identity)) { exchange in
            guard let channel = try? await exchange.accept(subprotocol: nil, headers: []),
                let report = try? await read(count, from: channel)
            else { return continuation.finish() }
            continuation.yield(report)
            continuation.finish()
            await channel.close()
        }
        let channel = try await connect(server.port)
        for _ in 0..<count { try await channel.send(binary: message) }
        for await report in reports {
            await channel.close()
            await server.shutdown()
            return report
        }
        throw await channel.ending().error
            ?? ConnectionError(.closed, operation: "read", message: "The reader ended without a report.")
    }

    private static func read(_ count: Int, from channel: WebSocketChannel) async throws -> Report {
        let before = try Holdings.now()
        var report = Report(received: 0, before: before, most: before)
        for await case .binary(let bytes) in channel.messages {
            // Slower than the sender: each message is compared, and the heap's free memory given back.
            guard bytes == message else { break }
            report.received += bytes.count
            let holdings = try Holdings.now()
            if holdings.heap > report.most.heap { report.most = holdings }
            if report.received == count * message.count { break }
        }
        return report
    }
}
