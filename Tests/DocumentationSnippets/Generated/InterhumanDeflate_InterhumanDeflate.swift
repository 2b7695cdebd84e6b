// Made of Sources/InterhumanDeflate/InterhumanDeflate.docc/InterhumanDeflate.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman
import InterhumanDeflate
import InterhumanTransport

private func block1() async throws {
    var settings = WebSocketConnectorConfiguration()
    settings.compression = PerMessageDeflate()
    let connector = WebSocketConnector(settings)
    _ = settings
    _ = connector
}
