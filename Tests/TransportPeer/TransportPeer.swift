import Foundation
import InterhumanCore
import InterhumanTransport

/// Transport in a process of its own, for tests in network namespaces and for `benchmark.py`.
///
///     TransportPeer serve HOST [CHAIN KEY]            echoes; prints its port
///     TransportPeer rate URL CA SIZE SECONDS          prints echoes of SIZE bytes a second
///     TransportPeer connect URL CA MS [send]          pings every MS milliseconds and waits as long for a pong; prints
///                                                     "open", and at the end why; with `send` it sends without end
///     TransportPeer cycles COUNT CHAIN KEY            connects and gives up COUNT times; prints in JSON what it held
///                                                     before and after
///     TransportPeer slow COUNT CHAIN KEY              sends COUNT messages of 1 MiB to a reader that is slower; prints
///                                                     in JSON what it held before and at most
@main
struct TransportPeer {
    static func main() async {
        do {
            try await run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) async throws {
        switch (arguments.first, arguments.count) {
        case ("serve", 2), ("serve", 4):
            try await serve(host: arguments[1], identity: Array(arguments.dropFirst(2)))
        case ("rate", 5):
            try await measure(
                arguments[1], authority: arguments[2], size: Int(arguments[3]), seconds: Int(arguments[4]))
        case ("connect", 4), ("connect", 5):
            try await connect(
                arguments[1], authority: arguments[2], milliseconds: Int64(arguments[3]), sends: arguments.count == 5)
        case ("cycles", 4):
            try await cycles(Int(arguments[1]) ?? 0, chain: arguments[2], key: arguments[3])
        case ("slow", 4):
            try await slow(Int(arguments[1]) ?? 0, chain: arguments[2], key: arguments[3])
        default:
            throw ConnectionError(
                .invalidSettings, operation: "read the arguments", message: "See TransportPeer.swift for them.")
        }
    }

    private static func serve(host: String, identity: [String]) async throws {
        var configuration = WebSocketServerConfiguration(host: host)
        if identity.count == 2 {
            configuration.tls = TLSServerConfiguration(certificateChainPath: identity[0], privateKeyPath: identity[1])
        }
        let server = try await WebSocketServer.start(configuration) { exchange in
            guard let channel = try? await exchange.accept(subprotocol: nil, headers: []) else { return }
            await withTaskExecutorPreference(channel.executor) {
                for await message in channel.messages {
                    switch message {
                    case .text(let text): try? await channel.send(text: text)
                    case .binary(let bytes): try? await channel.send(binary: bytes)
                    }
                }
            }
        }
        say("\(server.port)")
        // Until it is killed.
        try await Task.sleep(for: .seconds(86_400))
        await server.shutdown()
    }

    private static func measure(_ url: String, authority: String, size: Int?, seconds: Int?) async throws {
        let channel = try await open(url, authority: authority)
        let payload = (0..<(size ?? 409_600)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let rate = try await withTaskExecutorPreference(channel.executor) {
            try await echoes(of: payload, over: channel, for: .seconds(seconds ?? 3))
        }
        say("\(rate)")
        await channel.close()
    }

    /// Sends a message and waits for its echo, again and again; how often a second.
    private static func echoes(
        of payload: [UInt8], over channel: WebSocketChannel, for duration: Duration
    ) async throws -> Double {
        var messages = channel.messages.makeAsyncIterator()
        let clock = ContinuousClock()
        let start = clock.now
        var count = 0
        while clock.now - start < duration {
            try await channel.send(binary: payload)
            guard case .binary(let echo) = await messages.next(), echo.count == payload.count else { break }
            count += 1
        }
        let parts = (clock.now - start).components
        return Double(count) / (Double(parts.seconds) + Double(parts.attoseconds) / 1e18)
    }

    private static func connect(_ url: String, authority: String, milliseconds: Int64?, sends: Bool) async throws {
        let patience = Duration.milliseconds(milliseconds ?? 1000)
        let channel = try await open(
            url, authority: authority, keepAlive: KeepAlive(interval: patience, timeout: patience),
            acknowledgementTimeout: patience)
        say("open")
        var failure: ConnectionError?
        if sends {
            let bytes = [UInt8](repeating: 7, count: 1_000_000)
            do throws(ConnectionError) {
                while true { try await channel.send(binary: bytes) }
            } catch {
                failure = error
            }
        }
        let ending = await channel.ending()
        say("\(ending.closeCode) \(ending.error ?? failure, default: "no error")")
    }

    private static func cycles(_ count: Int, chain: String, key: String) async throws {
        let identity = TLSServerConfiguration(certificateChainPath: chain, privateKeyPath: key)
        let trust = TLSConfiguration(usesSystemTrust: false, trustedCertificates: [.file(path: chain)])
        // What is made once stays: threads, caches, malloc's arenas.
        _ = try await Cycles.run(1000, identity: identity, trust: trust)
        let before = try Holdings.now()
        let opened = try await Cycles.run(count, identity: identity, trust: trust)
        let report = Cycles.Report(opened: opened, before: before, after: try Holdings.now())
        say(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
    }

    private static func slow(_ count: Int, chain: String, key: String) async throws {
        let identity = TLSServerConfiguration(certificateChainPath: chain, privateKeyPath: key)
        let report = try await SlowReader.run(count, identity: identity) { port in
            try await open("wss://127.0.0.1:\(port)/", authority: chain)
        }
        say(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
    }

    private static func open(
        _ url: String, authority: String, keepAlive: KeepAlive? = nil, acknowledgementTimeout: Duration = .seconds(60)
    ) async throws -> WebSocketChannel {
        let tls = TLSConfiguration(
            usesSystemTrust: authority.isEmpty, trustedCertificates: authority.isEmpty ? [] : [.file(path: authority)])
        let connector = WebSocketConnector(
            WebSocketConnectorConfiguration(
                tls: tls, proxy: .none, keepAlive: keepAlive, acknowledgementTimeout: acknowledgementTimeout))
        return try await connector.connectWebSocket(
            ConnectionRequest(endpoint: ServiceEndpoint(url: url), credential: Credential("ih_test_secret")))
    }

    /// A line at once, though standard output is a pipe.
    private static func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}
