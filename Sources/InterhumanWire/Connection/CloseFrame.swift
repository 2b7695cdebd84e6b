/// The payload of a close frame (RFC 6455 section 5.5.1).
struct CloseFrame: Sendable {
    /// Most bytes of a reason.
    static let maximumReasonBytes = ControlPayload.maximumCount - 2

    let code: WebSocketCloseCode?
    let reason: String

    /// `reason` counts only with a code, and has at most 123 bytes.
    init(code: WebSocketCloseCode?, reason: String = "") {
        self.code = code
        self.reason = code == nil ? "" : reason
    }

    init(payload: ControlPayload) throws(ProtocolViolation) {
        guard payload.count > 0 else {
            self.init(code: nil)
            return
        }
        guard payload.count >= 2 else { throw .closePayloadTooShort }
        let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.maySend else { throw .closeCodeInvalid }
        guard let reason = String(validating: payload.dropFirst(2), as: UTF8.self) else { throw .closeReasonNotUTF8 }
        self.init(code: code, reason: reason)
    }

    var payload: ControlPayload {
        var payload = ControlPayload()
        guard let code else { return payload }
        payload.append(UInt8(code.rawValue >> 8))
        payload.append(UInt8(code.rawValue & 0xFF))
        for byte in reason.utf8 { payload.append(byte) }
        return payload
    }

    /// The answer to this frame: the code without the reason.
    var echo: ControlPayload { CloseFrame(code: code).payload }

    /// As much of a text, in whole characters, as a close frame takes.
    static func truncated(_ text: String) -> String {
        guard text.utf8.count > maximumReasonBytes else { return text }
        var short = ""
        for character in text.unicodeScalars {
            guard short.utf8.count + UTF8.width(character) <= maximumReasonBytes else { break }
            short.unicodeScalars.append(character)
        }
        return short
    }
}
