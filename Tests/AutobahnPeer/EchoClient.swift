import InterhumanCore
import InterhumanDeflate
import InterhumanWire

/// Runs all cases of a fuzzing server.
struct EchoClient {
    let endpoint: ServiceEndpoint
    let agent: String

    init(url: String, agent: String) throws {
        endpoint = try ServiceEndpoint(url: url)
        self.agent = agent
    }

    func run() throws {
        var count = 0
        try converse("/getCaseCount") { text in
            count = Int(text) ?? 0
            return false
        }
        report("\(count) cases")
        for number in 1...max(count, 1) where count > 0 {
            do {
                try converse("/runCase?case=\(number)&agent=\(agent)") { _ in true }
            } catch {
                // The suite breaks connections on purpose; its report says what it thought of ours.
                report("case \(number): \(error)")
            }
        }
        try converse("/updateReports?agent=\(agent)") { _ in false }
    }

    /// One connection from handshake to end.
    private func converse(_ target: String, onText: (String) -> Bool) throws {
        var random = SystemRandomNumberGenerator()
        let nonce = (0..<HandshakeKey.byteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
        guard let key = HandshakeKey(bytes: nonce) else { return }
        var handshake = try ClientHandshake(
            ClientHandshake.Request(
                target: target, authority: endpoint.authority, key: key, compression: PerMessageDeflate()))
        let socket = try Socket.connected(host: endpoint.host, port: endpoint.port)
        socket.setReadDeadline(seconds: WebSocket.readDeadline)
        try handshake.request.withUnsafeBytes { try socket.write($0) }
        let (acceptance, leftover) = try Self.open(&handshake, socket)
        let machine = WebSocketMachine(
            role: .client(maskKeys: { MaskKey(UInt32.random(in: .min ... .max)) }),
            compression: acceptance.compression)
        var webSocket = WebSocket(socket, machine)
        try webSocket.run(leftover: leftover, onText: onText)
    }

    private static func open(
        _ handshake: inout ClientHandshake, _ socket: borrowing Socket
    ) throws -> (ClientHandshake.Acceptance, leftover: [UInt8]) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            var input = try socket.read(into: buffer)
            let outcome = input.isEmpty ? try handshake.receiveEndOfStream() : try handshake.receive(&input)
            switch outcome {
            case nil: continue
            case .upgraded(let acceptance): return (acceptance, Array(input))
            case .refused(let response): throw Refused(response: response)
            }
        }
    }

    private struct Refused: Error {
        let response: HTTPResponse
    }
}
