import InterhumanDeflate
import InterhumanWire

/// Compressed data straight into the inflater, and what was compressed back out of it.
@_cdecl("LLVMFuzzerTestOneInput")
public func inflation(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let options = input.byte()
    var settings = PerMessageDeflate()
    settings.clientMaxWindowBits = 8 + Int(options & 7)
    settings.serverMaxWindowBits = 8 + Int(options >> 3 & 7)
    settings.clientContextTakeover = options & 0x40 != 0
    settings.serverContextTakeover = options & 0x80 != 0
    settings.level = Int(input.byte() % 10)
    let bytes = Array(input.rest)
    guard let (response, server) = settings.choose(from: settings.offers),
        let client = try? settings.activate(response: response)
    else { return 0 }

    // What one side compresses the other inflates, message after message.
    for message in [bytes, Array(bytes.reversed()), bytes] {
        guard let deflated = client.deflate([message]) else { continue }
        var inflated: [UInt8] = []
        let isFine: Void? = try? deflated.withUnsafeBufferPointer { pointer throws(ProtocolViolation) in
            try server.inflate(UnsafeRawBufferPointer(pointer), isLast: true, into: &inflated, limit: message.count)
        }
        require(isFine != nil && inflated == message, "what was compressed does not come back")
    }

    // Anything at all is inflated to an error or within the limit.
    var output: [UInt8] = []
    for piece in FuzzInput.pieces(of: bytes, seed: options) {
        let isFine: Void? = try? piece.withUnsafeBufferPointer { pointer throws(ProtocolViolation) in
            try client.inflate(UnsafeRawBufferPointer(pointer), isLast: false, into: &output, limit: 100_000)
        }
        require(output.count <= 100_000, "the limit does not hold")
        if isFine == nil { break }
    }
    return 0
}
