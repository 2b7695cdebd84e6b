import InterhumanCore
import InterhumanTransport
import Logging
import Synchronization
import Testing

/// No log, at any level, holds a credential or a payload.
@Suite(.timeLimit(.minutes(5)))
struct RedactionTests {
    @Test(arguments: [CredentialPlacement.authorizationHeader, .subprotocolPair, .subprotocol])
    func keepsSecretsOutOfTheLog(_ placement: CredentialPlacement) async throws {
        let log = RecordedLog()
        let server = try await WebSocketServer.start(WebSocketServerConfiguration(logger: log.logger)) { exchange in
            guard exchange.path == "/open" else {
                let body = #"{"error_id":"ih2001","message":"The key is invalid."}"#
                await exchange.respond(status: 401, headers: [], body: Array(body.utf8))
                return
            }
            // Browsers want the offered value echoed: the secret travels both ways.
            let channel = try? await exchange.accept(
                subprotocol: exchange.offeredSubprotocols.last, headers: [HeaderField("Set-Cookie", "a=ih_test_secret")]
            )
            try? await channel?.send(text: "payload")
            await channel?.close(code: 1000, reason: "payload")
        }
        let connector = WebSocketConnector(.patient(logger: log.logger))
        var request = try ConnectionRequest.local(server, path: "/open?token=ih_test_secret")
        request.credentialPlacement = placement
        request.headers = [HeaderField("Cookie", "a=ih_test_secret"), HeaderField("X-Client-Request-Id", "r-1")]
        let connection = try await connector.connect(request)
        try? await connection.send(SessionConfiguration())
        for await _ in connection.events {}
        await connection.close()

        request.endpoint.path = "/refused"
        await #expect {
            _ = try await connector.connect(request)
        } throws: { error in
            !String(describing: error).contains("ih_test_secret")
                && !String(reflecting: error).contains("ih_test_secret")
        }
        await server.shutdown()

        // A proxy's login, taken and refused.
        let proxy = try await TestProxy(login: "user:ih_test_secret")
        for password in ["ih_test_secret", "not ih_test_secret"] {
            let setting = HTTPProxy(
                host: "127.0.0.1", port: proxy.port, user: "user", password: Credential(password))
            let proxied = WebSocketConnector(.patient(proxy: .proxy(setting), logger: log.logger))
            await #expect {
                _ = try await proxied.connect(.local(port: 1))
            } throws: { !String(reflecting: $0).contains("ih_test_secret") }
        }

        let text = log.text
        #expect(!text.contains("ih_test_secret"))
        #expect(!text.contains("payload"))
        // The log is not just empty.
        for expected in [
            "connecting", "request received", "handshake answered", "[redacted]", "X-Client-Request-Id: r-1",
            "connection ended", "message received", "proxy answered",
        ] {
            #expect(text.contains(expected), "\(expected)")
        }
    }
}

/// A log that keeps everything.
private final class RecordedLog: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
        }
    }
}
