import NIOCore
import NIOPosix

/// A name service that says what a test wants.
struct TestResolver: Resolver, Sendable {
    /// What one query comes to.
    enum Answer: Sendable {
        case addresses([SocketAddress])
        case failure
        case never

        fileprivate func future(on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
            switch self {
            case .addresses(let addresses): eventLoop.makeSucceededFuture(addresses)
            case .failure: eventLoop.makeFailedFuture(NoSuchName())
            // Held for ever: a promise may not go unfulfilled.
            case .never: Self.stalled(on: eventLoop)
            }
        }

        private static func stalled(on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
            eventLoop.flatScheduleTask(in: .hours(24)) { eventLoop.makeFailedFuture(NoSuchName()) }.futureResult
        }
    }

    /// As `getaddrinfo` fails.
    struct NoSuchName: Error, CustomStringConvertible {
        var description: String { "Name or service not known" }
    }

    let eventLoop: any EventLoop
    let v4: Answer
    let v6: Answer

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { v4.future(on: eventLoop) }
    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> { v6.future(on: eventLoop) }
    func cancelQueries() {}
}
