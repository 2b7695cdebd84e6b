import InterhumanCore

extension SessionReady {
    private enum Key: String, JSONKey {
        case idleTimeout = "session_idle_timeout_seconds"
        case maxDuration = "session_max_duration_seconds"
        case maxSegmentDuration = "max_segment_duration_seconds"
        case minSegmentDuration = "min_segment_duration_seconds"
        case minSegmentSize = "min_segment_size_bytes"
        case maxSegmentSize = "max_segment_size_bytes"
        case options = "supported_session_config_options"
        static let table = JSONKeyTable<Key>()
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        self.init()
        guard try !reader.takeNull() else { return }
        try reader.members { (reader, key: Key) throws(JSONFault) in
            switch key {
            case .idleTimeout: sessionIdleTimeoutSeconds = try reader.readOptionalDouble()
            case .maxDuration: sessionMaxDurationSeconds = try reader.readOptionalDouble()
            case .maxSegmentDuration: maxSegmentDurationSeconds = try reader.readOptionalDouble()
            case .minSegmentDuration: minSegmentDurationSeconds = try reader.readOptionalDouble()
            case .minSegmentSize: minSegmentSizeBytes = try reader.readOptionalInt()
            case .maxSegmentSize: maxSegmentSizeBytes = try reader.readOptionalInt()
            case .options: supportedOptions = try reader.takeNull() ? nil : try SupportedSessionOptions(&reader)
            }
        }
    }
}

extension SupportedSessionOptions {
    private enum Key: String, JSONKey {
        case include, model
        case goalDimensions = "goal_dimensions"
        static let table = JSONKeyTable<Key>()
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        self.init()
        try reader.members { (reader, key: Key) throws(JSONFault) in
            switch key {
            case .include: include = try reader.readOptionalNames()
            case .goalDimensions: goalDimensions = try reader.readOptionalNames()
            case .model: model = try reader.readOptionalNames()
            }
        }
    }
}

extension SessionUpdated {
    private enum Key: String, JSONKey {
        case include, model
        case goalDimensions = "goal_dimensions"
        static let table = JSONKeyTable<Key>()
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        self.init(include: [])
        try reader.members { (reader, key: Key) throws(JSONFault) in
            switch key {
            case .include: include = try reader.readOptionalNames() ?? []
            case .goalDimensions: goalDimensions = try reader.readOptionalNames()
            case .model: model = try reader.readOptionalName()
            }
        }
    }
}

extension SessionClosing {
    private enum Key: String, JSONKey {
        case maxDrainSeconds = "max_drain_seconds"
        static let table = JSONKeyTable<Key>()
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        var seconds: Double?
        try reader.members { (reader, _: Key) throws(JSONFault) in seconds = try reader.readDouble() }
        self.init(maxDrainSeconds: try seconds.required("max_drain_seconds"))
    }
}

extension SessionEnded {
    private enum Key: String, JSONKey {
        case reason
        static let table = JSONKeyTable<Key>()
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        var reason: String?
        try reader.members { (reader, _: Key) throws(JSONFault) in reason = try reader.readString() }
        self.init(reason: try reason.required("reason"))
    }
}

extension ServiceError {
    private enum Key: String, JSONKey {
        case code, message, link, segment
        static let table = JSONKeyTable<Key>()
    }

    init(_ reader: inout JSONReader) throws(JSONFault) {
        var code: String?
        self.init(code: ServiceErrorCode(rawValue: ""), message: "")
        try reader.members { (reader, key: Key) throws(JSONFault) in
            switch key {
            case .code: code = try reader.readString()
            // An error without words is still an error that must be acted on.
            case .message: message = try reader.readOptionalString() ?? ""
            case .link: link = try reader.readOptionalString()
            case .segment: segment = try reader.readOptionalInt()
            }
        }
        self.code = ServiceErrorCode(rawValue: try code.required("code"))
    }
}
