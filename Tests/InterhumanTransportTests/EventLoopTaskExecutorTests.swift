import InterhumanCore
import NIOCore
import Testing

@testable import InterhumanTransport

@Suite(.timeLimit(.minutes(5)))
struct EventLoopTaskExecutorTests {
    /// A task that prefers the connection's executor runs on its thread, before and after it has waited.
    @Test func runsTasksOnTheConnectionsThread() async throws {
        let server = try await WebSocketServer.start(WebSocketServerConfiguration(), handler: echo)
        let channel = try await WebSocketConnector(.patient()).connectWebSocket(.local(server))
        let eventLoop = channel.channel.eventLoop
        #expect(!eventLoop.inEventLoop)
        try await withTaskExecutorPreference(channel.executor) {
            #expect(eventLoop.inEventLoop)
            try await channel.send(text: "hello")
            var messages = channel.messages.makeAsyncIterator()
            #expect(await messages.next() == .text("hello"))
            #expect(eventLoop.inEventLoop)
        }
        await channel.close()
        await server.shutdown()
    }
}
