public import CoreMetrics
public import InterhumanCore

extension StreamSession {
    /// What a session is to do, apart from its ports.
    public struct Configuration: Sendable {
        /// Gives the credential of each connection attempt.
        public var credentials: any CredentialProvider
        /// Where the service is.
        public var endpoint: ServiceEndpoint
        /// Where in the handshake the credential goes.
        public var credentialPlacement: CredentialPlacement = .authorizationHeader
        /// Further header fields of the handshake (`Origin`, `X-Client-Request-Id`, …).
        public var headers: [HeaderField] = []
        /// What to ask of the service.
        public var session: SessionConfiguration
        /// How long to wait for what.
        public var timing = SessionTiming()
        /// What to do when the connection is lost or can't be made.
        public var reconnect = ReconnectPolicy()
        /// How to change to a new connection before the service ends the old one.
        public var rollover = RolloverPolicy()
        /// How to make do with an uplink that is slower than the media.
        public var adaptation = AdaptationPolicy()
        /// How much encoded media may wait for the network.
        public var outbox = OutboxLimits()
        /// Where what waits for the network survives the end of the process; nil for nowhere. What an earlier process
        /// left there is sent first, over a connection of its own.
        public var spool: (any SegmentSpool)?
        /// What the service's seconds count from.
        public var serverTimes = ServerTimes.automatic
        /// Intervals of each kind that ``StreamSession/history`` keeps. At least 1.
        public var historyCapacity = 1_000
        /// Events that may wait for their reader before the oldest are dropped, which is told by
        /// ``SessionEvent/Kind/eventsDropped(_:)``. At least 1.
        public var eventCapacity = 1_024
        /// Names the session in its log and the transport's; nil for a random name.
        public var id: String?
        /// Where the session's metrics go; nil for the program's own (`MetricsSystem`). Documentation/Guides/Observing.md
        /// lists them.
        public var metrics: (any MetricsFactory)?
        /// Dimensions of all metrics. With several sessions at once each needs one of its own, or the gauges show the
        /// one that wrote last.
        public var metricDimensions: [(name: String, value: String)] = []
        /// Whether the handshake tells the service which SDK speaks: header `X-Interhuman-SDK` and query parameters
        /// `ih_sdk`, `ih_sdk_version`.
        public var sendsAttribution = false

        /// Creates a configuration.
        public init(
            credentials: any CredentialProvider, endpoint: ServiceEndpoint,
            session: SessionConfiguration = SessionConfiguration()
        ) {
            self.credentials = credentials
            self.endpoint = endpoint
            self.session = session
        }
    }
}

extension StreamSession.Configuration {
    /// A name that no other session has: 16 hexadecimal digits.
    public static func randomID() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Finds what can't work before anything is opened.
    func validate() throws(SessionError) {
        guard let model = session.model else { return }
        guard model != .inter2Deep else {
            throw invalid("The model inter-2-deep is for uploads. Choose inter-2 or inter-2-audio.")
        }
        guard !endpoint.path.hasSuffix(ServiceEndpoint.Version.v1.path) else {
            throw invalid("A model can be chosen on v2 only. Select v2, or leave the model out.")
        }
    }

    /// The request of one connection attempt.
    func request(with credential: Credential) -> ConnectionRequest {
        var request = ConnectionRequest(
            endpoint: endpoint, credential: credential, credentialPlacement: credentialPlacement, headers: headers)
        guard sendsAttribution else { return request }
        let version = StreamSession.sdkVersion
        request.headers.append(HeaderField("X-Interhuman-SDK", "swift/\(version)"))
        request.endpoint.query += (endpoint.query.isEmpty ? "" : "&") + "ih_sdk=swift&ih_sdk_version=\(version)"
        return request
    }

    private func invalid(_ message: String) -> SessionError {
        SessionError(.invalidConfiguration, operation: "check the session's configuration", message: message)
    }
}
