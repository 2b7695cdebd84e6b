// Made of Sources/InterhumanLocalService/InterhumanLocalService.docc/InterhumanLocalService.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman
import InterhumanCore
import InterhumanLocalService

private func block1() async throws {
    let service = try await LocalService.start(
        LocalServiceConfiguration(apiKey: Credential("secret"), maximumConnections: 8))
    print(service.baseURL)
    if let fault = ServiceFault("message=3: close=1011") { service.faults.add([fault]) }
    _ = service
}
