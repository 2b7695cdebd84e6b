public import InterhumanCore

/// What a client may say in a text message.
public enum ClientMessage: Sendable, Hashable {
    /// A configuration frame. A nil `model` or `audioFormat` keeps the value in force.
    case configuration(SessionConfiguration)
    /// `session.close`
    case close
}

/// Reads what a client sends as text, strictly: anything else than the protocol's properties is an error (ih6001).
public struct ClientMessageDecoder: Sendable {
    /// Creates a decoder; all are the same.
    public init() {}

    private enum Key: String, JSONKey {
        case type, include, model
        case goalDimensions = "goal_dimensions"
        case audioFormat = "audio_format"
        static let table = JSONKeyTable<Key>()

        static func unknown(_ name: JSONString, _ reader: inout JSONReader) throws(JSONFault) {
            throw .shape("\(try reader.text(name)): there is no such property")
        }
    }

    /// Reads a text message.
    ///
    /// - Throws: ``EnvelopeError``: `notJSON`, `tooDeep`, or `invalidProperty` with the property's name.
    public func decode(_ text: String) throws(EnvelopeError) -> ClientMessage {
        var text = text
        let result = text.withUTF8 { bytes in
            var reader = JSONReader(bytes)
            return Result { () throws(JSONFault) -> ClientMessage in try Self.read(&reader) }
        }
        switch result {
        case .success(let message): return message
        case .failure(let fault): throw Self.error(fault)
        }
    }

    private static func read(_ reader: inout JSONReader) throws(JSONFault) -> ClientMessage {
        var type: String?
        var hasSettings = false
        var configuration = SessionConfiguration(include: [])
        try reader.members { (reader, key: Key) throws(JSONFault) in
            hasSettings = hasSettings || key != .type
            switch key {
            case .type: type = try inside("type") { () throws(JSONFault) in try reader.readString() }
            case .include: configuration.include = try names("include", AnalysisOutput.known, &reader)
            case .goalDimensions:
                let isNull = try reader.takeNull()
                configuration.goalDimensions =
                    isNull ? nil : try names("goal_dimensions", GoalDimension.known, &reader)
            case .model:
                configuration.model = try inside("model") { () throws(JSONFault) in
                    try reader.readOptionalName()
                }
            case .audioFormat: configuration.audioFormat = try audioFormat(&reader)
            }
        }
        try reader.expectEnd()
        guard let type else { return .configuration(configuration) }
        guard type == "session.close" else { throw .shape("type: only session.close is a type that a client sends") }
        guard !hasSettings else { throw .shape("type: session.close has no other properties") }
        return .close
    }

    private static func names<Name: OpenEnumeration>(
        _ property: String, _ known: [Name], _ reader: inout JSONReader
    ) throws(JSONFault) -> [Name] {
        try inside(property) { () throws(JSONFault) in
            var names: [Name] = []
            try reader.elements { reader throws(JSONFault) in
                let name = Name(rawValue: try reader.readString())
                guard known.contains(name) else {
                    throw .shape("must be among " + known.map(\.rawValue).joined(separator: ", "))
                }
                names.append(name)
            }
            return names
        }
    }

    private enum AudioKey: String, JSONKey {
        case encoding, channels
        case sampleRate = "sample_rate"
        static let table = JSONKeyTable<AudioKey>()

        static func unknown(_ name: JSONString, _ reader: inout JSONReader) throws(JSONFault) {
            throw .shape("\(try reader.text(name)) is no property of it")
        }
    }

    private static func audioFormat(_ reader: inout JSONReader) throws(JSONFault) -> RawAudioFormat {
        var encoding: String?
        var channels: Int?
        var sampleRate: Int?
        try inside("audio_format") { () throws(JSONFault) in
            try reader.members { (reader, key: AudioKey) throws(JSONFault) in
                switch key {
                case .encoding: encoding = try reader.readString()
                case .channels: channels = try reader.readOptionalInt()
                case .sampleRate: sampleRate = try reader.readOptionalInt()
                }
            }
        }
        guard encoding == "pcm_s16le" else { throw .shape("audio_format.encoding: must be pcm_s16le") }
        guard channels == 1 else { throw .shape("audio_format.channels: must be 1") }
        guard let sampleRate, sampleRate == 16_000 || sampleRate == 24_000 else {
            throw .shape("audio_format.sample_rate: must be 16000 or 24000")
        }
        return RawAudioFormat(sampleRate: sampleRate)
    }

    /// Puts a property's name before what is wrong inside it.
    private static func inside<Value>(
        _ property: String, _ body: () throws(JSONFault) -> Value
    ) throws(JSONFault) -> Value {
        do throws(JSONFault) {
            return try body()
        } catch .shape(let reason) {
            throw .shape("\(property): \(reason)")
        }
    }

    private static func error(_ fault: JSONFault) -> EnvelopeError {
        let operation = "read a message of the client"
        if let error = fault.error(operation) { return error }
        guard case .shape(let reason) = fault else {
            return EnvelopeError(.notJSON, operation: operation, message: "The text is not JSON.")
        }
        let property = reason.contains(":") ? String(reason.prefix { $0 != ":" }) : nil
        return EnvelopeError(
            .invalidProperty, operation: operation, message: "The message can't be taken. \(reason).",
            property: property)
    }
}
