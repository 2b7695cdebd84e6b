public import InterhumanCore

/// Something that a ``LocalService`` does wrong on request, so that clients can show how they bear it.
///
/// Written as `[COUNTx ][TRIGGER: ]ACTION`, the same on the command line, over the control endpoint and in Swift:
///
/// ```
/// refuse=ih3003              every session is refused as for a used-up quota
/// 2x handshake: status=503   the next two handshakes get 503, then all is well
/// message=3: close=1011      when three media messages have come, close
/// byte=100000: kill          reset the connection when so many bytes have come
/// open: send={"type":"news"} a message that nobody knows
/// ```
public struct ServiceFault: Sendable, Hashable {
    /// What happens.
    public var action: Action
    /// When it happens.
    public var trigger: Trigger
    /// To how many sessions it happens; nil for all.
    public var count: Int?

    /// What happens.
    public enum Action: Sendable, Hashable {
        /// The session is refused as the service does for this code: by an HTTP status, or by an `error` and a close
        /// code after the handshake. `refuse=CODE`
        case refuse(ServiceErrorCode)
        /// The handshake is answered with this HTTP status and no body. `status=NUMBER`
        case status(Int)
        /// The handshake, or from the trigger on each message of the service, comes late. `delay=SECONDS`
        case delay(Duration)
        /// An `error` is sent, and the session goes on. `error=CODE`
        case error(ServiceErrorCode)
        /// The connection is closed with this code. `close=NUMBER`
        case close(UInt16)
        /// The connection is reset without a word. `kill`
        case kill
        /// Nothing is read any more. `stop-reading`
        case stopReading
        /// Media messages are taken and thrown away. `drop`
        case drop
        /// No more than this many bytes a second are read from the socket. `throttle=NUMBER`
        case throttle(Int)
        /// Nothing is sent any more. `silence`
        case silence
        /// This text is sent as it is, whatever it is. `send=TEXT`
        case send(String)
        /// A binary message of so many zeros is sent; the service sends none otherwise. `send-binary=NUMBER`
        case sendBinary(Int)
        /// The windows that end between these seconds of media are not analysed, as if the service could not keep up.
        /// `shed=FROM-TO`
        case shed(ClosedRange<Double>)
    }

    /// When something happens.
    public enum Trigger: Sendable, Hashable {
        /// Instead of, or before, the handshake's answer. `handshake`
        case handshake
        /// Right after `session.ready`. `open`
        case open
        /// When so many media messages have come; the last of them is still taken. `message=NUMBER`
        case message(Int)
        /// When so many bytes have come after the handshake, as TCP carries them; for `kill` only. `byte=NUMBER`
        case byte(Int)
        /// When `session.close` comes, before it is answered. `finish`
        case finish
    }

    /// Creates a fault. Without a trigger it happens at the handshake where it can, otherwise when the session opens.
    ///
    /// Nil when the two don't go together: `refuse` and `status` need the handshake; `byte` is for `kill` only; of the
    /// rest only `delay` may come at the handshake; numbers must be positive and close codes such as may be sent.
    public init?(_ action: Action, at trigger: Trigger? = nil, count: Int? = nil) {
        self.action = action
        self.trigger = trigger ?? (action.isForHandshake ? .handshake : .open)
        self.count = count
        guard isPossible, (count ?? 1) > 0 else { return nil }
    }

    private var isPossible: Bool {
        switch trigger {
        case .handshake: guard action.isForHandshake else { return false }
        case .byte(let count): guard action == .kill, count > 0 else { return false }
        case .message(let count): guard count > 0 else { return false }
        case .open, .finish: break
        }
        switch action {
        case .refuse: return trigger == .handshake
        case .status(let status): return trigger == .handshake && (200...599).contains(status)
        case .delay(let duration): return duration > .zero
        case .close(let code):
            return (1000...1003).contains(code) || (1007...1014).contains(code)
                || (3000...4999).contains(code)
        case .throttle(let rate): return rate > 0
        case .sendBinary(let count): return (0...1 << 24).contains(count)
        case .error, .kill, .stopReading, .drop, .silence, .send, .shed: return true
        }
    }
}

extension ServiceFault.Action {
    /// Whether it can happen at the handshake, and does unless told otherwise.
    fileprivate var isForHandshake: Bool {
        switch self {
        case .refuse, .status, .delay: true
        default: false
        }
    }
}
