// Made of Sources/InterhumanLifecycle/InterhumanLifecycle.docc/InterhumanLifecycle.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman
import InterhumanLifecycle
import InterhumanSession
import Logging
import ServiceLifecycle

private func block1() async throws {
    func run(_ session: StreamSession, logger: Logger) async throws {
        let service = StreamSessionService(session) { event in
            if case .signalDetected(let signals) = event.kind { logger.info("\(signals.count) signals") }
        }
        try await ServiceGroup(services: [service], gracefulShutdownSignals: [.sigterm], logger: logger).run()
    }
}
