import CInterhumanOpenSSL

/// Application-layer protocol negotiation (RFC 7301): `http/1.1` and nothing else.
enum ApplicationProtocol {
    /// The list that a client offers: one length-prefixed name.
    static let offer: [UInt8] = [8] + Array("http/1.1".utf8)

    /// A server's choice from a client's list. Without `http/1.1` in it the handshake fails (RFC 7301 section 3.2): a
    /// client that meant to speak something else had better hear so now.
    static func select(
        _ selected: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ selectedLength: UnsafeMutablePointer<UInt8>?,
        from offered: UnsafePointer<UInt8>?, _ offeredLength: UInt32
    ) -> Int32 {
        let list = UnsafeBufferPointer(start: offered, count: Int(offeredLength))
        var position = 0
        while position < list.count, position + 1 + Int(list[position]) <= list.count {
            let name = list[(position + 1)..<(position + 1 + Int(list[position]))]
            if name.elementsEqual(offer.dropFirst()), let base = list.baseAddress {
                selected?.pointee = base + position + 1
                selectedLength?.pointee = UInt8(name.count)
                return SSL_TLSEXT_ERR_OK
            }
            position += 1 + Int(list[position])
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }

    /// The protocol that a handshake chose; nil when there was none to choose.
    static func selected(_ ssl: OpaquePointer) -> String? {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &length)
        guard let name else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }
}
