import Foundation
import InterhumanTransport
import TestPrograms
import Testing

/// A program that uses the package outlives SIGPIPE, though it never asked to.
struct BrokenPipeTests {
    @Test(.timeLimit(.minutes(5))) func doesNotEndTheProgram() async throws {
        let server = try await WebSocketServer.start(WebSocketServerConfiguration(), handler: echo)
        // As a shell starts it: this process ignores the signal already, and programs inherit that.
        let program = try RunningProgram(
            "/usr/bin/env",
            [
                "--default-signal=PIPE", try BuiltExecutable.path(of: "TransportPeer"),
                "connect", "ws://127.0.0.1:\(server.port)/", "", "60000",
            ])
        #expect(await program.output.firstLine { $0 == "open" } != nil)
        program.send(signal: SIGPIPE)
        await server.shutdown()
        #expect(await program.waitUntilExit() == 0)
    }
}
