import InterhumanWire

/// Echoes of 400 KiB binary messages over loopback TCP: Wire on plain blocking sockets at both ends, against the
/// Python peers' own clients and servers. The rounds take turns, so that whatever else the machine does falls on all.
/// What Transport adds is measured by its own benchmark.
enum LoopbackBenchmark {
    static let seconds = 1.0
    static let rounds = 7

    static func run() throws {
        var ours: [Double] = []
        var theirs: [String: [Double]] = [:]
        for _ in 0..<rounds {
            ours.append(try echoes())
            let names = "picows\nwebsockets\n"
            let answer = try PythonPeer.run("loopback", "\(EncodeBenchmark.messageSize)", "\(seconds)", input: names)
            for (name, rate) in answer ?? [] { theirs[name, default: []].append(rate) }
        }
        print("loopback: Wire \(Measurement.text(ours.median, 0)) echoes of 400 KiB a second (median of \(rounds))")
        for (name, rates) in theirs.sorted(by: { $0.key < $1.key }) {
            print(
                "loopback: \(name) \(Measurement.text(rates.median, 0)) echoes a second: Wire makes",
                "\(Measurement.text(ours.median / rates.median)) times as many (aim: > 1)")
        }
    }

    private static func echoes() throws -> Double {
        let pair = try LoopbackSocket.pair()
        let handoff = Handoff(pair.server)
        let server = ServerThread {
            if let socket = handoff.take() { serve(socket) }
        }
        let payload = (0..<EncodeBenchmark.messageSize).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var end = Endpoint(pair.client, role: .client(maskKeys: { MaskKey(UInt32.random(in: .min ... .max)) }))
        let clock = ContinuousClock()
        let start = clock.now
        var count = 0
        while clock.now - start < .seconds(seconds) {
            guard end.send(payload), let echo = end.receive() else { break }
            guard echo.count == payload.count else { fatalError("the echo is not what was sent") }
            count += 1
        }
        let parts = (clock.now - start).components
        end.close()
        server.join()
        return Double(count) / (Double(parts.seconds) + Double(parts.attoseconds) / 1e18)
    }

    private static func serve(_ socket: consuming LoopbackSocket) {
        var end = Endpoint(socket, role: .server)
        while let message = end.receive(), end.send(message) {}
    }
}

/// One end of the loopback connection.
private struct Endpoint: ~Copyable {
    private let socket: LoopbackSocket
    private var machine: WebSocketMachine
    private let input: UnsafeMutableRawBufferPointer
    private let output: UnsafeMutableRawBufferPointer
    private var unread = UnsafeRawBufferPointer(start: nil, count: 0)

    init(_ socket: consuming LoopbackSocket, role: WebSocketMachine.Role) {
        self.socket = socket
        machine = WebSocketMachine(role: role)
        input = .allocate(byteCount: 262_144, alignment: 64)
        output = .allocate(byteCount: OutgoingMessage.defaultFragmentSize + 14, alignment: 64)
    }

    deinit {
        input.deallocate()
        output.deallocate()
    }

    mutating func send(_ bytes: [UInt8]) -> Bool {
        var message = OutgoingMessage(.binary, pieces: [bytes])
        while !message.isComplete {
            guard let size = try? machine.encodeNextFrame(of: &message, into: output),
                socket.write(UnsafeRawBufferPointer(rebasing: output[..<size]))
            else { return false }
        }
        return true
    }

    /// The next binary message; nil at the end.
    mutating func receive() -> [UInt8]? {
        while true {
            while let action = machine.receive(&unread) {
                if case .binary(let bytes) = action { return bytes }
            }
            let count = socket.read(into: input)
            guard count > 0 else { return nil }
            unread = UnsafeRawBufferPointer(rebasing: input[..<count])
        }
    }

    func close() { socket.finish() }
}
