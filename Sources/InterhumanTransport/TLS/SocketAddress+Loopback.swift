import NIOCore

extension SocketAddress {
    /// Whether the address is of this machine's loopback interface: 127.0.0.0/8, ::1 or their mapped forms.
    var isLoopback: Bool {
        guard let text = ipAddress else { return false }
        return text == "::1" || text.hasPrefix("127.") || text.hasPrefix("::ffff:127.")
    }
}
