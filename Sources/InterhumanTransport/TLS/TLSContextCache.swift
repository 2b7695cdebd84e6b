import InterhumanCore
import Synchronization

/// A client's context, made for the first connection that needs it, because that reads files.
final class TLSContextCache: Sendable {
    private let context = Mutex<TLSContext?>(nil)

    /// The context for a configuration, which is the same every time; nil when there is none.
    func context(for configuration: TLSConfiguration?) async throws(ConnectionError) -> TLSContext? {
        guard let configuration else { return nil }
        if let ready = context.withLock({ $0 }) { return ready }
        let made = try await Blocking.run { () throws(ConnectionError) in try TLSContext.client(configuration) }
        return context.withLock { context in
            // Two first connections at once make two; one is kept, so that they share sessions.
            let kept = context ?? made
            context = kept
            return kept
        }
    }
}
