import InterhumanCore
import InterhumanLocalService
import InterhumanTransport

/// A client of a service under test, on the public connector.
struct ServiceClient {
    let connection: any AnalysisConnection

    /// Connects. `path` replaces the version's own; `query` goes with it.
    init(
        _ service: LocalService, version: ServiceEndpoint.Version = .v1, model: AnalysisModel? = nil,
        path: String? = nil, query: String? = nil, key: String = "test-key",
        placement: CredentialPlacement = .authorizationHeader,
        tls: TLSConfiguration = TLSConfiguration()
    ) async throws {
        try await self.init(
            baseURL: service.baseURL, version: version, model: model, path: path, query: query, key: key,
            placement: placement, tls: tls)
    }

    /// Connects to a service somewhere.
    init(
        baseURL: String, version: ServiceEndpoint.Version = .v1, model: AnalysisModel? = nil, path: String? = nil,
        query: String? = nil, key: String = "test-key",
        placement: CredentialPlacement = .authorizationHeader, tls: TLSConfiguration = TLSConfiguration()
    ) async throws {
        var endpoint = try ServiceEndpoint(baseURL: baseURL, version: version)
        if let path { endpoint.path = path }
        endpoint.query = query ?? endpoint.query
        if let model { endpoint.query = "model=\(model.rawValue)" }
        let connector = WebSocketConnector(WebSocketConnectorConfiguration(tls: tls, connectTimeout: .seconds(120)))
        connection = try await connector.connect(
            ConnectionRequest(
                endpoint: endpoint, credential: Credential(key), credentialPlacement: placement))
    }

    /// The next message; nil when the connection ended first.
    func next() async -> ServerMessage? {
        var events = connection.events.makeAsyncIterator()
        if case .message(let message) = await events.next() { return message }
        return nil
    }

    /// Messages until one of this type came, which is the last.
    func messages(until type: String) async -> [ServerMessage] {
        var messages: [ServerMessage] = []
        while let message = await next() {
            messages.append(message)
            if message.type == type { break }
        }
        return messages
    }

    /// Everything up to the end of the connection.
    func rest() async -> (messages: [ServerMessage], ending: ConnectionEnding?) {
        var messages: [ServerMessage] = []
        for await event in connection.events {
            switch event {
            case .message(let message): messages.append(message)
            case .ended(let ending): return (messages, ending)
            }
        }
        return (messages, nil)
    }

    /// Sends the segments as one continuous stream.
    func send(_ segments: [MediaSegment]) async throws {
        for segment in segments {
            try await connection.send(segment, includingHeader: segment.index == 0)
        }
    }

    /// Sends the segments as one continuous stream, cut without regard to what is in it.
    func send(_ segments: [MediaSegment], cutEvery size: Int) async throws {
        let stream = (segments.first?.header ?? []) + segments.flatMap(\.body)
        for start in stride(from: 0, to: stream.count, by: size) {
            try await send(bytes: Array(stream[start..<min(start + size, stream.count)]))
        }
    }

    /// Sends bytes that are no media.
    func send(bytes: [UInt8]) async throws {
        let segment = MediaSegment(
            index: 0, header: [], body: bytes, timeRange: TimeRange(start: .zero, end: .zero), mediaStart: 0,
            mediaEnd: 0, videoFrameCount: 0, audioSampleCount: 0)
        try await connection.send(segment, includingHeader: false)
    }

    /// Runs a whole session: configuration, media, close; gives everything that the service said.
    func run(
        _ segments: [MediaSegment], configuration: SessionConfiguration = SessionConfiguration()
    ) async throws -> (messages: [ServerMessage], ending: ConnectionEnding?) {
        async let answers = rest()
        try await connection.send(configuration)
        try await send(segments)
        try await connection.requestClose()
        return await answers
    }
}

extension [ServerMessage] {
    var types: [String] { map(\.type) }

    var bodies: [ServerMessage.Body] { map(\.body) }

    /// What the analysis said, without the session's own messages.
    var findings: [ServerMessage.Body] {
        filter { !$0.type.hasPrefix("session.") }.bodies
    }

    var errors: [ServiceError] {
        compactMap { if case .error(let error) = $0.body { error } else { nil } }
    }
}
