// Made of Sources/InterhumanTransport/InterhumanTransport.docc/InterhumanTransport.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman
import InterhumanTransport

private func block1() async throws {
    let tls = TLSConfiguration(trustedCertificates: [.file(path: "/etc/my-company/ca.pem")])
    let connector = WebSocketConnector(
        WebSocketConnectorConfiguration(tls: tls, proxy: .environment, connectTimeout: .seconds(10)))
    _ = tls
    _ = connector
}
