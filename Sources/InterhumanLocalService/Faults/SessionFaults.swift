import InterhumanCore

/// The faults of one session: what is due, and what lasts.
struct SessionFaults {
    private var pending: [ServiceFault]
    /// How late each message goes out.
    var sendDelay = Duration.zero
    /// Whether nothing goes out any more.
    var isSilent = false
    /// Whether nothing is read any more.
    var isDeaf = false
    /// Whether media are thrown away.
    var dropsMedia = false

    init(_ faults: [ServiceFault] = []) {
        pending = faults
    }

    /// What happens now that this has happened, in the order in which it was asked for. Each once.
    mutating func due(_ trigger: ServiceFault.Trigger) -> [ServiceFault.Action] {
        let due = pending.filter { $0.trigger == trigger }.map(\.action)
        pending.removeAll { $0.trigger == trigger }
        return due
    }

    /// Whether the connection is to be read slowly at some time.
    var throttles: Bool {
        pending.contains { if case .throttle = $0.action { true } else { false } }
    }

    /// Bytes after which the connection is to be reset.
    var resetByteCount: Int? {
        pending.compactMap { if case .byte(let count) = $0.trigger { count } else { nil } }.min()
    }
}
