import InterhumanTransport
import Logging

/// How long tests wait for what must come: far longer than a loaded machine under a sanitizer needs.
let patience = Duration.seconds(120)

extension WebSocketConnectorConfiguration {
    /// A configuration that no slow machine makes fail.
    static func patient(
        tls: TLSConfiguration = TLSConfiguration(), proxy: ProxySetting = .none, connectTimeout: Duration = patience,
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    ) -> WebSocketConnectorConfiguration {
        WebSocketConnectorConfiguration(
            tls: tls, proxy: proxy, connectTimeout: connectTimeout, closeTimeout: patience, logger: logger)
    }
}
