import InterhumanCore
import InterhumanWire
import Logging

/// What a ``WebSocketHandler`` needs to know.
struct WebSocketSettings: Sendable {
    var role: WebSocketMachine.Role
    var limits = WebSocketLimits()
    var keepAlive: KeepAlive? = KeepAlive()
    /// How long the closing handshake and the peer's FIN may take together.
    var closeTimeout = Duration.seconds(5)
    /// What a server is willing to compress with; a client's handshake holds its own.
    var compression: (any CompressionNegotiation)?
    /// A text message that goes out before the close frame when the peer's message is over the limit.
    var oversizeText: (@Sendable () -> String)?
    /// What goes with a server's 503.
    var busyAnswer: (@Sendable () -> (headers: [HeaderField], body: [UInt8]))?
    /// What the connection holds of what the peer sent is counted here; nil where nothing but the limits bounds it.
    var account: ReceiveLedger.Account?
    var logger: Logger
    /// Who the peer is, for errors.
    var peer: String
}

extension WebSocketMachine.Role {
    /// A client whose mask keys come from the system's random source.
    static var client: Self {
        .client(maskKeys: {
            var generator = SystemRandomNumberGenerator()
            return MaskKey(UInt32.random(in: .min ... .max, using: &generator))
        })
    }
}
