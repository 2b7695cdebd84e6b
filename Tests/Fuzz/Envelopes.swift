import InterhumanCore
import InterhumanWire

/// Text of a service and of a client: an error or a value, and what is written is read back the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func envelopes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    _ = ServiceErrorDecoder().decode(Array(bytes))
    let text = String(decoding: bytes, as: UTF8.self)
    _ = ServerTimestamp(iso8601: text)
    if let message = try? EnvelopeDecoder().decode(text) {
        require(message.rawJSON == text, "the text is not kept")
        checkRoundTrip(message)
    }
    if let message = try? ClientMessageDecoder().decode(text), case .configuration(let configuration) = message {
        let encoded = ClientMessageEncoder().encode(configuration)
        require((try? ClientMessageDecoder().decode(encoded)) == message, "a configuration does not come back")
    }
    return 0
}

private func checkRoundTrip(_ message: ServerMessage) {
    let timestamp = message.timestamp ?? ServerTimestamp(nanosecondsSince1970: 0)
    let texts = EnvelopeEncoder().encode(message.body, timestamp: timestamp, correlationID: message.correlationID)
    if case .unknown = message.body { return }
    if case .signalDetected(let signals) = message.body {
        require(texts.count == signals.count, "a signal is missing")
        return
    }
    guard texts.count == 1, let again = try? EnvelopeDecoder().decode(texts[0]) else {
        fatalError("a message can't be written and read")
    }
    // `signal.updated` has no end in the current dialect.
    if case .signalUpdated = message.body { return }
    require(again.body == message.body, "a message does not come back")
    require(again.correlationID == message.correlationID, "an identifier does not come back")
}
