import InterhumanCore
import InterhumanTransport
import InterhumanWire

/// Answers requests: refuses them, or opens a session and runs it.
struct ServiceEntrance: Sendable {
    private let apiKey: Credential?
    private let environment: SessionEnvironment

    init(configuration: LocalServiceConfiguration, clock: any MediaClock) {
        apiKey = configuration.apiKey
        environment = SessionEnvironment(
            limits: configuration.limits, clock: clock, recordingDirectory: configuration.recordingDirectory,
            observer: configuration.observer)
    }

    /// What goes out before close code 1009 when a message is over the limit.
    var oversizeText: String {
        let limit = environment.limits.maximumMessageSize
        let error = ServiceError(
            code: .messageTooLarge, message: "A message has more than the \(limit) bytes that are allowed.",
            link: ServiceLinks.documentation)
        return environment.texts(of: .error(error), version: .v1, correlationID: nil).joined()
    }

    /// Answers one request; returns when its session, if it leads to one, is over.
    func answer(_ exchange: ServerExchange) async {
        let correlationID = CorrelationID.make()
        guard let route = ServiceRoute(path: exchange.path) else {
            return await refuse(exchange, .unknownPath, correlationID)
        }
        guard exchange.isWebSocketUpgrade else { return await refuse(exchange, .noUpgrade, correlationID) }
        let presented = PresentedCredential(
            authorization: exchange.firstHeader("Authorization"), subprotocols: exchange.offeredSubprotocols)
        guard let presented else { return await refuse(exchange, .missingCredential, correlationID) }
        if let apiKey, !presented.matches(apiKey) {
            return await refuse(exchange, .wrongCredential, correlationID)
        }
        switch route {
        case .stream(let version):
            let model = exchange.query.first { $0.name == "model" }.map { AnalysisModel(rawValue: $0.value) }
            let request = SessionRequest(version: version, model: model)
            await openSession(exchange, request, presented, correlationID)
        }
    }

    private func openSession(
        _ exchange: ServerExchange, _ request: SessionRequest, _ presented: PresentedCredential,
        _ correlationID: String
    ) async {
        let channel: WebSocketChannel
        do throws(ConnectionError) {
            channel = try await exchange.accept(
                subprotocol: presented.echoedSubprotocol, headers: [Self.header(correlationID)])
        } catch {
            // The client has gone: there is nobody left to tell.
            return
        }
        environment.observer(
            ServiceEvent(
                correlationID: correlationID,
                kind: .opened(
                    request.version, remoteAddress: exchange.remoteAddress, credential: presented.placement)))
        let session = ServiceSession(
            request: request, correlationID: correlationID, channel: channel, environment: environment)
        await session.run()
    }

    private func refuse(_ exchange: ServerExchange, _ refusal: ServiceRefusal, _ correlationID: String) async {
        environment.observer(
            ServiceEvent(
                correlationID: correlationID, kind: .refused(status: refusal.status, refusal.error)))
        await exchange.respond(
            status: refusal.status,
            headers: [Self.header(correlationID), HeaderField("Content-Type", "application/json")] + refusal.headers,
            body: refusal.body(correlationID: correlationID))
    }

    private static func header(_ correlationID: String) -> HeaderField {
        HeaderField("X-Correlation-ID", correlationID)
    }
}
