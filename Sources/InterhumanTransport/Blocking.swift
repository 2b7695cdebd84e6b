import InterhumanCore
import NIOPosix

/// Work that blocks, on threads that may.
enum Blocking {
    /// Runs `body` on SwiftNIO's thread pool.
    static func run<Success: Sendable>(
        _ body: @escaping @Sendable () throws(ConnectionError) -> Success
    ) async throws(ConnectionError) -> Success {
        let result: Result<Success, ConnectionError>
        do {
            result = try await NIOThreadPool.singleton.runIfActive {
                do throws(ConnectionError) { return .success(try body()) } catch { return .failure(error) }
            }
        } catch {
            result = .failure(.cancelled("wait for the thread pool"))
        }
        return try result.get()
    }
}
