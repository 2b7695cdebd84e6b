import InterhumanDeflate
import InterhumanWire

/// The first byte says which side is fed: the client with a response, the server with requests.
@_cdecl("LLVMFuzzerTestOneInput")
public func handshakes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = FuzzInput(start, count)
    let options = input.byte()
    let bytes = Array(input.rest)
    let pieces = FuzzInput.pieces(of: bytes, seed: options)
    if options & 0x80 == 0 {
        require(response([bytes]) == response(pieces), "the outcome depends on how the response is cut")
    } else {
        require(requests([bytes]) == requests(pieces), "the outcome depends on how the requests are cut")
    }
    return 0
}

/// What a client makes of a response, and how many bytes it leaves.
private func response(_ pieces: [[UInt8]]) -> String {
    guard let key = HandshakeKey(bytes: Array("the sample nonce".utf8)),
        var handshake = try? ClientHandshake(
            .init(target: "/", authority: "h", key: key, subprotocols: ["a", "b"], compression: PerMessageDeflate()))
    else { return "" }
    var fed = 0
    do {
        for piece in pieces {
            let (outcome, left) = try piece.withUnsafeBytes { bytes in
                var input = bytes
                return (try handshake.receive(&input), input.count)
            }
            fed += piece.count - left
            if let outcome { return "\(describe(outcome)) after \(fed)" }
        }
        return describe(try handshake.receiveEndOfStream())
    } catch {
        return "\(error)"
    }
}

private func describe(_ outcome: ClientHandshake.Outcome) -> String {
    switch outcome {
    case .upgraded(let acceptance): "101 \(acceptance.headers) \(acceptance.subprotocol ?? "-")"
    case .refused(let response): "\(response.status) \(response.headers) \(response.body) \(response.isBodyTruncated)"
    }
}

/// What a server makes of requests until one ends the conversation.
private func requests(_ pieces: [[UInt8]]) -> String {
    var handshake = ServerHandshake()
    var text = ""
    for piece in pieces {
        let isOver = piece.withUnsafeBytes { bytes in
            var input = bytes
            while let outcome = handshake.receive(&input) {
                switch outcome {
                case .request(let request): text += "\(request) \(request.body)\n"
                case .refuse(let response, let error):
                    text += "\(response.status) \(error)"
                    require((try? response.encoded()) != nil, "a refusal can't be written")
                    return true
                case .upgrade(let request):
                    text += "\(request) \(request.subprotocols) \(request.extensions)"
                    require(
                        (try? request.accept(subprotocol: request.subprotocols.first, compression: PerMessageDeflate()))
                            != nil, "an upgrade can't be accepted")
                    return true
                }
            }
            return false
        }
        if isOver { break }
    }
    return text
}
