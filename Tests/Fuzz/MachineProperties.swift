import InterhumanDeflate
import InterhumanWire

/// Feeds bytes to a machine whole and in pieces: both must say the same, and stay within their limits.
func checkMachine(isServer: Bool, _ start: UnsafePointer<UInt8>?, _ count: Int) {
    var input = FuzzInput(start, count)
    let options = input.byte()
    let bytes = Array(input.rest)
    var whole = machine(isServer: isServer, options)
    var cut = machine(isServer: isServer, options)
    var expected = whole.receive(bytes)
    var actual = FuzzInput.pieces(of: bytes, seed: options).flatMap { cut.receive($0) }
    require(whole.takeOutput() == cut.takeOutput(), "the output depends on how the input is cut")
    while let action = whole.receiveEndOfStream() { expected.append(action) }
    while let action = cut.receiveEndOfStream() { actual.append(action) }
    require(expected == actual, "the actions depend on how the input is cut")
    require(whole.ending != nil && whole.ending == cut.ending, "the end of the stream is no end")
    require(!whole.canSend, "a machine that has ended can send")
    for case .binary(let message) in expected { require(message.count <= 65_536, "a message beyond the limit") }
    for case .text(let message) in expected { require(message.utf8.count <= 65_536, "a message beyond the limit") }
}

private func machine(isServer: Bool, _ options: UInt8) -> WebSocketMachine {
    var limits = WebSocketLimits()
    limits.message = 65_536
    limits.framePayload = 40_000
    limits.fragments = 50
    limits.queuedControlFrames = 8
    var compression: (any MessageCompression)?
    if options & 0x40 != 0 {
        var settings = PerMessageDeflate()
        settings.clientContextTakeover = options & 0x20 != 0
        settings.serverContextTakeover = options & 0x20 != 0
        compression = isServer ? settings.choose(from: settings.offers)?.1 : nil
        if !isServer, let response = settings.choose(from: settings.offers)?.response {
            compression = try? settings.activate(response: response)
        }
    }
    let role: WebSocketMachine.Role = isServer ? .server : .client(maskKeys: { MaskKey(1, 2, 3, 4) })
    return WebSocketMachine(role: role, limits: limits, compression: compression)
}
