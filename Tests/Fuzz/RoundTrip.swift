import InterhumanDeflate
import InterhumanWire

/// Encode, cut, decode: what one side sends the other gets, with control frames between the fragments, masked or not,
/// compressed or not.
@_cdecl("LLVMFuzzerTestOneInput")
public func roundTrip(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let options = input.byte()
    let settings = PerMessageDeflate()
    let agreed = options & 1 == 0 ? nil : settings.choose(from: settings.offers)
    let clientCompression = agreed.flatMap { try? settings.activate(response: $0.response) }
    let key = MaskKey(input.byte(), input.byte(), input.byte(), input.byte())
    let client = WebSocketMachine(role: .client(maskKeys: { key }), compression: clientCompression)
    let server = WebSocketMachine(role: .server, compression: agreed?.1)
    var (sender, receiver) = options & 2 == 0 ? (client, server) : (server, client)

    var wire: [UInt8] = []
    var expected: [WebSocketAction] = []
    do {
        while !input.rest.isEmpty, expected.count < 20 {
            try send(&input, &sender, &wire, &expected)
        }
        try sender.close(.normal, reason: "bye")
    } catch {
        fatalError("sending failed: \(error)")
    }
    wire += sender.takeOutput()
    expected.append(.closeReceived(.normal, reason: "bye"))
    expected.append(.endTransport(options & 2 == 0 ? .close : .awaitPeer))
    let actions = FuzzInput.pieces(of: wire, seed: options).flatMap { receiver.receive($0) }
    require(actions == expected, "what was sent is not what came")
    return 0
}

private func send(
    _ input: inout FuzzInput, _ sender: inout WebSocketMachine, _ wire: inout [UInt8],
    _ expected: inout [WebSocketAction]
) throws(WireError) {
    let kind = input.byte()
    let bytes = input.bytes(Int(input.byte()) * (kind & 0x10 == 0 ? 1 : 40))
    switch kind & 3 {
    case 0:
        let text = String(decoding: bytes, as: UTF8.self)
        try sender.send(text: text)
        expected.append(.text(text))
    case 1:
        try sender.send(binary: bytes, compressed: kind & 4 != 0)
        expected.append(.binary(bytes))
    case 2:
        guard let payload = ControlPayload(bytes.prefix(125)) else { return }
        try sender.ping(payload)
        expected.append(.ping(payload))
    default:
        wire += sender.takeOutput()
        var message = OutgoingMessage(
            .binary, pieces: FuzzInput.pieces(of: bytes, seed: kind), fragmentSize: Int(kind >> 2) + 1)
        while let size = sender.nextFrameSize(of: message) {
            var frame = [UInt8](repeating: 0, count: size)
            let result = frame.withUnsafeMutableBytes { destination in
                Result { () throws(WireError) in try sender.encodeNextFrame(of: &message, into: destination) }
            }
            require(try result.get() == size, "a frame has not the size that was announced")
            wire += frame
            try sender.pong()
            wire += sender.takeOutput()
            expected.append(.pong(ControlPayload()))
        }
        // The pong of the last frame comes after the message.
        expected.insert(.binary(bytes), at: expected.count - 1)
    }
}
