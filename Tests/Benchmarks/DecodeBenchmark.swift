import InterhumanWire
import NIOCore
import NIOEmbedded
import NIOWebSocket

/// Reading the same stream with Wire and with NIOWebSocket, in reads of 64 KiB, to whole messages.
enum DecodeBenchmark {
    static func run() throws {
        try compare("media, masked (400 KiB messages in 64 KiB fragments)", stream(masked: true, 400 * 1024, count: 40))
        try compare("events (500-byte messages)", stream(masked: false, 500, count: 20_000), isServer: false)
    }

    private static func stream(masked: Bool, _ size: Int, count: Int) throws -> [UInt8] {
        let role: WebSocketMachine.Role = masked ? .client(maskKeys: { MaskKey(1, 2, 3, 4) }) : .server
        var sender = WebSocketMachine(role: role)
        let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 17) }
        for _ in 0..<count { try sender.send(binary: payload) }
        return sender.takeOutput()
    }

    private static func compare(_ name: String, _ stream: [UInt8], isServer: Bool = true) throws {
        let reads = stride(from: 0, to: stream.count, by: 65_536).map { start in
            ByteBuffer(bytes: stream[start..<min(start + 65_536, stream.count)])
        }
        let keys: @Sendable () -> MaskKey = { MaskKey(1, 2, 3, 4) }
        let best = try Measurement.best(
            rounds: 9,
            [
                {
                    var machine = WebSocketMachine(role: isServer ? .server : .client(maskKeys: keys))
                    for read in reads {
                        read.withUnsafeReadableBytes { bytes in
                            var input = bytes
                            while let action = machine.receive(&input) { consume(action) }
                        }
                    }
                },
                { try decodeWithNIO(reads) },
            ])
        let gigabytes = Double(stream.count) / 1e9
        print(
            "decode, \(name): \(Measurement.text(gigabytes / best[0])) GB/s, NIOWebSocket",
            "\(Measurement.text(gigabytes / best[1])) GB/s: \(Measurement.text(best[1] / best[0])) times as fast (aim: > 1)"
        )
    }

    private static func decodeWithNIO(_ reads: [ByteBuffer]) throws {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandlers([
            ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 24)),
            NIOWebSocketFrameAggregator(
                minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1 << 20,
                maxAccumulatedFrameSize: 1 << 25),
        ])
        for read in reads {
            try channel.writeInbound(read)
            while let frame = try channel.readInbound(as: WebSocketFrame.self) { consume(frame.unmaskedData) }
        }
        _ = try channel.finish()
    }
}
