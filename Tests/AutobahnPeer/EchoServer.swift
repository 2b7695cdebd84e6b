import Dispatch
import InterhumanDeflate
import InterhumanWire

/// Echoes on every path, one thread a connection.
struct EchoServer {
    let port: UInt16

    func run() throws {
        let listener = try Socket.listening(port: Int(port))
        report("READY ws://127.0.0.1:\(listener.port())")
        while true {
            let handoff = Handoff(try listener.accept())
            DispatchQueue.global().async {
                guard let socket = handoff.take() else { return }
                do {
                    try Self.serve(socket)
                } catch {
                    report("connection: \(error)")
                }
            }
        }
    }

    private static func serve(_ socket: consuming Socket) throws {
        socket.setReadDeadline(seconds: WebSocket.readDeadline)
        guard let (request, leftover) = try open(socket) else { return }
        let acceptance = try request.accept(compression: PerMessageDeflate())
        try acceptance.response.withUnsafeBytes { try socket.write($0) }
        var webSocket = WebSocket(socket, WebSocketMachine(role: .server, compression: acceptance.compression))
        try webSocket.run(leftover: leftover) { _ in true }
    }

    /// The client's request; nil when it asked for something else, and was answered.
    private static func open(_ socket: borrowing Socket) throws -> (UpgradeRequest, leftover: [UInt8])? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 16)
        defer { buffer.deallocate() }
        var handshake = ServerHandshake()
        while true {
            var input = try socket.read(into: buffer)
            guard !input.isEmpty else { return nil }
            switch handshake.receive(&input) {
            case nil: continue
            case .upgrade(let request): return (request, Array(input))
            case .request: try refuse(HTTPResponse(status: 404), socket)
            case .refuse(let response, _): try refuse(response, socket)
            }
            return nil
        }
    }

    private static func refuse(_ response: HTTPResponse, _ socket: borrowing Socket) throws {
        try response.encoded().withUnsafeBytes { try socket.write($0) }
        socket.finishWriting()
    }
}
