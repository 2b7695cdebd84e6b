// Made of Sources/InterhumanSession/InterhumanSession.docc/InterhumanSession.md by Scripts/check_documents.py --update.
// swift-format-ignore-file

import Interhuman
import InterhumanCore
import InterhumanSession

private func block1() async throws {
    func watch(_ session: StreamSession) async throws(SessionError) {
        for try await event in try await session.start() {
            switch event.kind {
            case .signalCompleted(let signal): print(signal.type, signal.start.sessionSeconds)
            case .gap(let gap): print("lost", gap.sessionStart, gap.sessionEnd, gap.cause)
            case .ended(let summary): print(summary.timeSent)
            default: break
            }
        }
    }
}
