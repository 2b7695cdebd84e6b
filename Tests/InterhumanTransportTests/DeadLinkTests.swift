import InterhumanCore
import NIOCore
import TestPrograms
import Testing

@testable import InterhumanTransport

/// A link that dies without a word, and peers that are slow.
@Suite(.timeLimit(.minutes(5)))
struct DeadLinkTests {
    private static let impatient = KeepAlive(interval: .milliseconds(100), timeout: .milliseconds(100))

    @Test(arguments: [false, true])
    func noticesThatTheLinkIsDead(secure: Bool) async throws {
        let authority = try TestAuthority()
        let server = try await WebSocketServer.start(
            WebSocketServerConfiguration(tls: secure ? authority.server() : nil), handler: echo)
        let proxy = try await Relay(to: server.port)
        var configuration = WebSocketConnectorConfiguration.patient(tls: authority.client)
        configuration.keepAlive = Self.impatient
        let channel = try await WebSocketConnector(configuration).connectWebSocket(
            .local(port: proxy.port, secure: secure))
        try await proxy.freezeNext()
        let ending = await channel.ending()
        #expect(ending.closeCode == 1006)
        #expect(ending.initiator == nil)
        #expect(ending.error?.code == .connectionLost)
        #expect(ending.error?.message.contains("no sign of life for 0.1 seconds after a ping") == true)
        await server.shutdown()
    }

    @Test func noticesItAsServer() async throws {
        let (endings, continuation) = AsyncStream.makeStream(of: ConnectionEnding.self)
        let server = try await WebSocketServer.start(WebSocketServerConfiguration(keepAlive: Self.impatient)) {
            guard let channel = try? await $0.accept(subprotocol: nil, headers: []) else { return }
            continuation.yield(await channel.ending())
        }
        let proxy = try await Relay(to: server.port)
        let channel = try await WebSocketConnector(.patient()).connectWebSocket(.local(port: proxy.port))
        try await proxy.freezeNext()
        let ending = await endings.first { _ in true }
        #expect(ending?.error?.message.contains("no sign of life") == true)
        await channel.abort()
        await server.shutdown()
    }

    /// The kernel's deadline: nothing of what is sent gets through, so no ping is ever written.
    @Test func noticesItWhileSending() async throws {
        let server = try await WebSocketServer.start(WebSocketServerConfiguration(), handler: echo)
        let proxy = try await Relay(to: server.port)
        var configuration = WebSocketConnectorConfiguration.patient()
        configuration.acknowledgementTimeout = .milliseconds(500)
        let channel = try await WebSocketConnector(configuration).connectWebSocket(.local(port: proxy.port))
        try await proxy.freezeNext()
        let bytes = [UInt8](repeating: 7, count: 1_000_000)
        let error = await #expect(throws: ConnectionError.self) {
            while true { try await channel.send(binary: bytes) }
        }
        #expect(error?.code == .connectionLost)
        #expect(error?.underlying?.contains("timed out") == true, "\(error?.description ?? "none")")
        await server.shutdown()
    }

    /// A consumer that takes its time costs a bounded amount of memory on both sides, and its connection lives on.
    @Test(arguments: [false, true])
    func boundsMemoryWhenTheConsumerIsSlow(secure: Bool) async throws {
        let authority = try TestAuthority()
        let message = [UInt8](repeating: 7, count: 500_000)
        let count = 128
        let (buffered, continuation) = AsyncStream.makeStream(of: Int.self)
        let server = try await WebSocketServer.start(
            WebSocketServerConfiguration(tls: secure ? authority.server() : nil, keepAlive: nil)
        ) {
            guard let channel = try? await $0.accept(subprotocol: nil, headers: []) else { return }
            for _ in 0..<count {
                try? await channel.send(binary: message)
                continuation.yield((try? await channel.channel.getOption(.bufferedWritableBytes).get()) ?? .max)
            }
            continuation.finish()
            for await _ in channel.messages {}
        }
        var configuration = WebSocketConnectorConfiguration.patient(tls: authority.client)
        configuration.keepAlive = Self.impatient
        let channel = try await WebSocketConnector(configuration).connectWebSocket(.local(server, secure: secure))
        var intact = 0
        var mostWaiting = 0
        for await received in channel.messages {
            mostWaiting = max(mostWaiting, channel.waitingByteCount)
            if case .binary(let bytes) = received, bytes.count == message.count { intact += 1 }
            if intact == count { break }
        }
        #expect(intact == count)
        // Up to four reads of 128 KiB are on their way when the limit is reached, and may complete a message begun before.
        #expect(mostWaiting <= 4_194_304 + 4 * 131_072 + message.count)
        var mostBuffered = 0
        for await bytes in buffered { mostBuffered = max(mostBuffered, bytes) }
        #expect(mostBuffered <= SocketOptions.waterMark.high + 70_000)
        await channel.close()
        await server.shutdown()
    }

    /// The kernel of each side gives up by itself (tcp(7), TCP_USER_TIMEOUT).
    @Test func boundsUnacknowledgedBytesOnBothSides() async throws {
        let (timeouts, continuation) = AsyncStream.makeStream(of: Int.self)
        let server = try await WebSocketServer.start(
            WebSocketServerConfiguration(acknowledgementTimeout: .milliseconds(61_500))
        ) {
            guard let channel = try? await $0.accept(subprotocol: nil, headers: []) else { return }
            continuation.yield(Int((try? await channel.channel.getOption(SocketOptions.userTimeout).get()) ?? -1))
            for await _ in channel.messages {}
        }
        var configuration = WebSocketConnectorConfiguration.patient()
        configuration.acknowledgementTimeout = .milliseconds(62_500)
        let channel = try await WebSocketConnector(configuration).connectWebSocket(.local(server))
        #expect(try await channel.channel.getOption(SocketOptions.userTimeout).get() == 62_500)
        #expect(await timeouts.first { _ in true } == 61_500)
        await channel.close()
        await server.shutdown()
    }
}
