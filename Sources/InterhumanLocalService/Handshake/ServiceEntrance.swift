import InterhumanCore
import InterhumanTransport
import InterhumanWire

/// Answers requests: refuses them, does what they ask for, or opens a session and runs it.
struct ServiceEntrance: Sendable {
    private let registry: CredentialRegistry
    private let environment: SessionEnvironment
    private let dialect: EnvelopeDialect
    private let faults: FaultPlan
    /// Nil where nobody may control the service.
    private let control: ControlEndpoint?

    init(configuration: LocalServiceConfiguration, reports: ReportJournal, clock: any MediaClock) {
        control = configuration.isControllable ? ControlEndpoint(faults: configuration.faults, reports: reports) : nil
        dialect = configuration.dialect
        faults = configuration.faults
        registry = CredentialRegistry(policy: configuration.access, clock: clock)
        environment = SessionEnvironment(
            limits: configuration.limits, clock: clock, recordingDirectory: configuration.recordingDirectory,
            reports: reports, observer: configuration.observer)
    }

    /// What goes out before close code 1009 when a message is over the limit.
    private func oversizeText(_ correlationID: String) -> String {
        let limit = environment.limits.maximumMessageSize
        let error = ServiceError(
            code: .messageTooLarge, message: "A message has more than the \(limit) bytes that are allowed.",
            link: ServiceLinks.documentation)
        return environment.texts(
            of: .error(error), for: SessionRequest(version: .v1), correlationID: correlationID
        ).joined()
    }

    /// Answers one request; returns when its session, if it leads to one, is over.
    func answer(_ exchange: ServerExchange) async {
        let correlationID = CorrelationID.make()
        do throws(ServiceRefusal) {
            guard let route = ServiceRoute(path: exchange.path) else { throw .unknownPath }
            switch route {
            case .stream(let version): try await openSession(exchange, version, correlationID)
            case .accessToken:
                let request = try posted(AccessTokenRequest.self, exchange)
                await respond(
                    to: exchange, with: ServiceJSON.encode(try registry.exchange(request)), correlationID)
            case .clientToken:
                let request = try posted(ClientTokenRequest.self, exchange)
                await respond(to: exchange, with: ServiceJSON.encode(try registry.mint(request)), correlationID)
            case .revocation:
                try registry.revoke(try posted(RevocationRequest.self, exchange))
                await exchange.respond(status: 204, headers: [Self.header(correlationID)], body: [])
            case .control:
                guard let control else { throw .unknownPath }
                await respond(to: exchange, with: try control.answer(exchange), correlationID)
            }
        } catch {
            await refuse(exchange, error, correlationID)
        }
    }

    /// What a connection over the limit is told. The transport adds when to come again.
    @Sendable static func answerWhenBusy() -> (headers: [HeaderField], body: [UInt8]) {
        let correlationID = CorrelationID.make()
        return ([header(correlationID), json], ServiceRefusal.tooBusy.body(correlationID: correlationID))
    }

    // MARK: Sessions

    private func openSession(
        _ exchange: ServerExchange, _ version: ServiceEndpoint.Version, _ correlationID: String
    ) async throws(ServiceRefusal) {
        guard exchange.isWebSocketUpgrade else { throw .noUpgrade }
        let presented = PresentedCredential(
            authorization: exchange.firstHeader("Authorization"), subprotocols: exchange.offeredSubprotocols)
        guard let presented else { throw .missingCredential }
        let account = try registry.account(of: presented.credential, origin: exchange.firstHeader("Origin"))
        let faults = faults.take()
        try await commit(faults, correlationID)
        guard account.openSession() else { throw .tooManySessions }
        await runSession(
            exchange, request(exchange, version), presented, account, SessionFaults(faults), correlationID)
    }

    /// What a session's request asks for; `dialect=a` or `b` is this service's own, for clients of older generations.
    private func request(
        _ exchange: ServerExchange, _ version: ServiceEndpoint.Version
    ) -> SessionRequest {
        let value = { (name: String) in exchange.query.first { $0.name == name }?.value }
        return SessionRequest(
            version: version, model: value("model").map(AnalysisModel.init),
            dialect: value("dialect").flatMap(EnvelopeDialect.init(generation:)) ?? dialect)
    }

    /// What goes wrong instead of the handshake's answer, or before it.
    private func commit(_ faults: [ServiceFault], _ correlationID: String) async throws(ServiceRefusal) {
        for fault in faults where fault.trigger == .handshake {
            environment.observer(ServiceEvent(correlationID: correlationID, kind: .fault("\(fault)")))
            switch fault.action {
            case .delay(let duration): try? await environment.clock.sleep(until: environment.clock.now + duration)
            case .status(let status): throw .bare(status)
            case .refuse(let code):
                guard case .status(let status) = RefusalForm(code) else { continue }
                throw .requested(code, status: status)
            default: continue
            }
        }
    }

    private func runSession(
        _ exchange: ServerExchange, _ request: SessionRequest, _ presented: PresentedCredential,
        _ account: CredentialAccount, _ faults: SessionFaults, _ correlationID: String
    ) async {
        let channel: WebSocketChannel
        let receiveRate = faults.throttles ? ReceiveRate() : nil
        do throws(ConnectionError) {
            channel = try await exchange.accept(
                subprotocol: presented.echoedSubprotocol, headers: [Self.header(correlationID)],
                oversizeText: { oversizeText(correlationID) }, receiveLimit: faults.resetByteCount,
                receiveRate: receiveRate)
        } catch {
            // The client has gone: there is nobody left to tell.
            account.closeSession()
            return
        }
        environment.observer(
            ServiceEvent(
                correlationID: correlationID,
                kind: .opened(
                    request.version, remoteAddress: exchange.remoteAddress, credential: presented.placement)))
        let session = ServiceSession(
            request: request, account: account, faults: faults, correlationID: correlationID, channel: channel,
            receiveRate: receiveRate, environment: environment)
        await session.run()
    }

    // MARK: Plain requests

    private func posted<Body: Decodable>(
        _ type: Body.Type, _ exchange: ServerExchange
    ) throws(ServiceRefusal) -> Body {
        guard exchange.method == "POST" else { throw .wrongMethod(allowed: "POST") }
        return try ServiceJSON.decode(type, from: exchange.body)
    }

    private func respond(to exchange: ServerExchange, with body: [UInt8], _ correlationID: String) async {
        await exchange.respond(
            status: 200,
            headers: [Self.header(correlationID), Self.json, HeaderField("Cache-Control", "no-store")],
            body: body)
    }

    private func refuse(_ exchange: ServerExchange, _ refusal: ServiceRefusal, _ correlationID: String) async {
        environment.observer(
            ServiceEvent(
                correlationID: correlationID, kind: .refused(status: refusal.status, refusal.error)))
        await exchange.respond(
            status: refusal.status, headers: [Self.header(correlationID), Self.json] + refusal.headers,
            body: refusal.isBare ? [] : refusal.body(correlationID: correlationID))
    }

    private static let json = HeaderField("Content-Type", "application/json")

    private static func header(_ correlationID: String) -> HeaderField {
        HeaderField("X-Correlation-ID", correlationID)
    }
}
