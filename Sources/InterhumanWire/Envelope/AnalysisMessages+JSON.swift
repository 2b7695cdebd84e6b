import InterhumanCore

extension SignalObservation {
    private enum Key: String, JSONKey {
        case signalType = "signal_type"
        case type, start, end, probability, rationale, modality, signals
        static let table = JSONKeyTable<Key>()
    }

    /// Reads `data` of `signal.detected`: flat, or generation A's `signals[]`.
    static func detected(_ reader: inout JSONReader) throws(JSONFault) -> [SignalObservation] {
        var fields = Fields()
        try fields.read(&reader)
        if let signals = fields.signals { return signals }
        return [try fields.observation()]
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        var fields = Fields()
        try fields.read(&reader)
        self = try fields.observation()
    }

    private struct Fields {
        var type: SignalType?
        var start: Double?
        var end: Double?
        var probability: SignalProbability?
        var rationale: String?
        var modality: [SignalModality]?
        var signals: [SignalObservation]?

        mutating func read(_ reader: inout JSONReader) throws(JSONFault) {
            try reader.members { (reader, key: Key) throws(JSONFault) in
                switch key {
                case .signalType: type = SignalType(rawValue: try reader.readString())
                // The elements of `signals[]` call it `type`.
                case .type:
                    let name = try reader.readString()
                    type = type ?? SignalType(rawValue: name)
                case .start: start = try reader.readDouble()
                case .end: end = try reader.readOptionalDouble()
                case .probability: probability = try reader.readOptionalName()
                case .rationale: rationale = try reader.readOptionalString()
                case .modality: modality = try reader.readOptionalNames()
                case .signals:
                    signals = try reader.readOptionalArray { (reader) throws(JSONFault) in
                        try SignalObservation(&reader)
                    }
                }
            }
        }

        func observation() throws(JSONFault) -> SignalObservation {
            SignalObservation(
                type: try type.required("signal_type"), start: try start.required("start"), end: end,
                probability: probability, rationale: rationale, modality: modality)
        }
    }
}

extension SignalEnd {
    private enum Key: String, JSONKey {
        case signalType = "signal_type"
        case end
        static let table = JSONKeyTable<Key>()
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        var type: SignalType?
        var end: Double?
        try reader.members { (reader, key: Key) throws(JSONFault) in
            switch key {
            case .signalType: type = SignalType(rawValue: try reader.readString())
            case .end: end = try reader.readDouble()
            }
        }
        self.init(type: try type.required("signal_type"), end: try end.required("end"))
    }
}

extension EngagementUpdate {
    private enum Key: String, JSONKey {
        case state, start, end
        static let table = JSONKeyTable<Key>()
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        var state: EngagementState?
        var start: Double?
        var end: Double?
        try reader.members { (reader, key: Key) throws(JSONFault) in
            switch key {
            case .state: state = EngagementState(rawValue: try reader.readString())
            case .start: start = try reader.readOptionalDouble()
            case .end: end = try reader.readOptionalDouble()
            }
        }
        self.init(state: try state.required("state"), start: start, end: end)
    }
}

extension ConversationQualityUpdate {
    private enum Key: String, JSONKey {
        case overall, timeline
        static let table = JSONKeyTable<Key>()
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        self.init()
        try reader.members { (reader, key: Key) throws(JSONFault) in
            switch key {
            case .overall:
                overall = try reader.takeNull() ? nil : try ConversationQuality(&reader)
            case .timeline:
                timeline = try reader.readOptionalArray { (reader) throws(JSONFault) in
                    try ConversationQualityInterval(&reader)
                }
            }
        }
    }
}

extension ConversationQuality {
    private enum Key: String, JSONKey {
        case qualityIndex = "quality_index"
        case clarity, authority, energy, rapport, learning
        static let table = JSONKeyTable<Key>()
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        // Not a number marks what has not come: JSON can't say it.
        self.init(qualityIndex: .nan, clarity: .nan, authority: .nan, energy: .nan, rapport: .nan, learning: .nan)
        try reader.members { (reader, key: Key) throws(JSONFault) in
            let score = try reader.readDouble()
            switch key {
            case .qualityIndex: qualityIndex = score
            case .clarity: clarity = score
            case .authority: authority = score
            case .energy: energy = score
            case .rapport: rapport = score
            case .learning: learning = score
            }
        }
        guard !(qualityIndex + clarity + authority + energy + rapport + learning).isNaN else {
            throw .shape("a score is missing")
        }
    }
}

extension ConversationQualityInterval {
    private enum Key: String, JSONKey {
        case start, end, values
        static let table = JSONKeyTable<Key>()
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        var start: Double?
        var end: Double?
        var values: ConversationQuality?
        try reader.members { (reader, key: Key) throws(JSONFault) in
            switch key {
            case .start: start = try reader.readDouble()
            case .end: end = try reader.readDouble()
            case .values: values = try ConversationQuality(&reader)
            }
        }
        self.init(
            start: try start.required("start"), end: try end.required("end"), values: try values.required("values"))
    }
}

extension Feedback {
    private enum Key: String, JSONKey {
        case feedback
        static let table = JSONKeyTable<Key>()
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        var text: String?
        try reader.members { (reader, _: Key) throws(JSONFault) in text = try reader.readString() }
        self.init(text: try text.required("feedback"))
    }
}

extension Coverage {
    private enum Key: String, JSONKey {
        case ranges, reason
        static let table = JSONKeyTable<Key>()
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        var ranges: [CoverageRange]?
        var reason: String?
        try reader.members { (reader, key: Key) throws(JSONFault) in
            switch key {
            case .ranges:
                ranges = try reader.readOptionalArray { (reader) throws(JSONFault) in try CoverageRange(&reader) }
            case .reason: reason = try reader.readOptionalString()
            }
        }
        self.init(ranges: try ranges.required("ranges"), reason: reason)
    }
}

extension CoverageRange {
    private enum Key: String, JSONKey {
        case start, end
        static let table = JSONKeyTable<Key>()
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        var start: Double?
        var end: Double?
        try reader.members { (reader, key: Key) throws(JSONFault) in
            switch key {
            case .start: start = try reader.readDouble()
            case .end: end = try reader.readDouble()
            }
        }
        self.init(start: try start.required("start"), end: try end.required("end"))
    }
}
