import InterhumanCore

extension ServiceFault: LosslessStringConvertible {
    /// Reads `[COUNTx ][TRIGGER: ]ACTION`; nil when it is none.
    public init?(_ text: String) {
        var rest = text[...]
        var count: Int?
        if let blank = rest.firstIndex(of: " "), rest[..<blank].last == "x", let number = Int(rest[..<blank].dropLast())
        {
            count = number
            rest = rest[blank...].drop { $0 == " " }
        }
        var trigger: Trigger?
        if let colon = rest.firstIndex(of: ":"), let named = Trigger(rest[..<colon]) {
            trigger = named
            rest = rest[colon...].dropFirst().drop { $0 == " " }
        }
        guard let action = Action(rest) else { return nil }
        self.init(action, at: trigger, count: count)
    }

    public var description: String {
        (count.map { "\($0)x " } ?? "") + "\(trigger.text): \(action.text)"
    }
}

extension ServiceFault.Trigger {
    fileprivate init?(_ text: Substring) {
        let (name, value) = text.splitOnce()
        switch (name, value.flatMap { Int($0) }) {
        case ("handshake", nil) where value == nil: self = .handshake
        case ("open", nil) where value == nil: self = .open
        case ("finish", nil) where value == nil: self = .finish
        case ("message", let number?): self = .message(number)
        case ("byte", let number?): self = .byte(number)
        default: return nil
        }
    }

    fileprivate var text: String {
        switch self {
        case .handshake: "handshake"
        case .open: "open"
        case .finish: "finish"
        case .message(let number): "message=\(number)"
        case .byte(let number): "byte=\(number)"
        }
    }
}

extension ServiceFault.Action {
    fileprivate init?(_ text: Substring) {
        let (name, value) = text.splitOnce()
        guard let value else {
            switch name {
            case "kill": self = .kill
            case "stop-reading": self = .stopReading
            case "drop": self = .drop
            case "silence": self = .silence
            default: return nil
            }
            return
        }
        guard let action = Self.action(name, value) else { return nil }
        self = action
    }

    private static func action(_ name: Substring, _ value: Substring) -> Self? {
        switch name {
        case "refuse": value.isEmpty ? nil : .refuse(ServiceErrorCode(rawValue: String(value)))
        case "status": Int(value).map { .status($0) }
        case "delay": Double(value).flatMap { $0.isFinite && $0 < 86_400 ? .delay(.seconds($0)) : nil }
        case "error": value.isEmpty ? nil : .error(ServiceErrorCode(rawValue: String(value)))
        case "close": UInt16(value).map { .close($0) }
        case "throttle": Int(value).map { .throttle($0) }
        case "send": .send(String(value))
        case "send-binary": Int(value).map { .sendBinary($0) }
        case "shed": range(value).map { .shed($0) }
        default: nil
        }
    }

    private static func range(_ text: Substring) -> ClosedRange<Double>? {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { Double($0) }
        guard bounds.count == 2, let start = bounds[0], let end = bounds[1], start <= end else { return nil }
        return start...end
    }

    fileprivate var text: String {
        switch self {
        case .refuse(let code): "refuse=\(code)"
        case .status(let status): "status=\(status)"
        case .delay(let duration): "delay=\(duration.inSeconds)"
        case .error(let code): "error=\(code)"
        case .close(let code): "close=\(code)"
        case .kill: "kill"
        case .stopReading: "stop-reading"
        case .drop: "drop"
        case .throttle(let rate): "throttle=\(rate)"
        case .silence: "silence"
        case .send(let text): "send=\(text)"
        case .sendBinary(let count): "send-binary=\(count)"
        case .shed(let range): "shed=\(range.lowerBound)-\(range.upperBound)"
        }
    }
}

extension Substring {
    /// What stands before and after the first `=`; nil for the second without one.
    fileprivate func splitOnce() -> (name: Substring, value: Substring?) {
        guard let equals = firstIndex(of: "=") else { return (self, nil) }
        return (self[..<equals], self[index(after: equals)...])
    }
}
