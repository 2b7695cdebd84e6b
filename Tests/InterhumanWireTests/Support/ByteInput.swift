import InterhumanWire

extension ClientHandshake {
    /// Feeds bytes; gives the outcome and what is left.
    mutating func receive(_ bytes: [UInt8]) throws(WireError) -> (outcome: Outcome?, left: [UInt8]) {
        try bytes.withUnsafeBufferPointer { pointer throws(WireError) in
            var input = UnsafeRawBufferPointer(pointer)
            let outcome = try receive(&input)
            return (outcome, Array(input))
        }
    }

    mutating func receive(_ text: String) throws(WireError) -> Outcome? {
        try receive(Array(text.utf8)).outcome
    }
}

extension ServerHandshake {
    /// Feeds bytes; gives the outcome and what is left.
    mutating func receive(_ bytes: [UInt8]) -> (outcome: Outcome?, left: [UInt8]) {
        bytes.withUnsafeBytes { pointer in
            var input = pointer
            let outcome = receive(&input)
            return (outcome, Array(input))
        }
    }

    mutating func receive(_ text: String) -> Outcome? {
        receive(Array(text.utf8)).outcome
    }
}

extension ServerHandshake.Outcome {
    var upgrade: UpgradeRequest? {
        if case .upgrade(let request) = self { request } else { nil }
    }

    var request: HTTPRequest? {
        if case .request(let request) = self { request } else { nil }
    }

    var refusal: (response: HTTPResponse, error: WireError)? {
        if case .refuse(let response, let error) = self { (response, error) } else { nil }
    }
}

extension ClientHandshake.Outcome {
    var acceptance: ClientHandshake.Acceptance? {
        if case .upgraded(let acceptance) = self { acceptance } else { nil }
    }

    var refusal: HTTPResponse? {
        if case .refused(let response) = self { response } else { nil }
    }
}
