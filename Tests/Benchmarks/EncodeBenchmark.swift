import InterhumanWire

/// Client frames of 400 KiB messages in 64 KiB fragments, masked into a buffer, against copying the same bytes.
enum EncodeBenchmark {
    static let messageSize = 400 * 1024

    static func run() {
        let payload = (0..<messageSize).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let (header, body) = (Array(payload[..<500]), Array(payload[500...]))
        var destination = [UInt8](repeating: 0, count: messageSize + 4096)
        var machine = WebSocketMachine(role: .client(maskKeys: { MaskKey(0x37, 0xFA, 0x21, 0x3D) }))
        let repeats = 200

        destination.withUnsafeMutableBytes { destination in
            let best = Measurement.best([
                {
                    for _ in 0..<repeats {
                        payload.withUnsafeBytes { destination.copyMemory(from: $0) }
                        consume(destination[messageSize - 1])
                    }
                },
                {
                    for _ in 0..<repeats {
                        encode([header, body], &machine, destination)
                        consume(destination[messageSize - 1])
                    }
                },
            ])
            let gigabytes = Double(messageSize * repeats) / 1e9
            print(
                "encode: \(Measurement.text(gigabytes / best[1])) GB/s, memcpy \(Measurement.text(gigabytes / best[0]))",
                "GB/s: \(Measurement.text(best[0] / best[1])) of memcpy (aim: 0.6)")
        }
    }

    private static func encode(
        _ pieces: [[UInt8]], _ machine: inout WebSocketMachine, _ destination: UnsafeMutableRawBufferPointer
    ) {
        var message = OutgoingMessage(.binary, pieces: pieces)
        var offset = 0
        while !message.isComplete {
            let rest = UnsafeMutableRawBufferPointer(rebasing: destination[offset...])
            guard let written = try? machine.encodeNextFrame(of: &message, into: rest) else { return }
            offset += written
        }
    }
}
