import InterhumanCore
import NIOCore
import NIOEmbedded
import Testing

@testable import InterhumanTransport

/// Two TLS handlers back to back, without sockets.
final class TLSHandlerTests {
    private let pair: TLSPair
    private var client: EmbeddedChannel { pair.client }
    private var server: EmbeddedChannel { pair.server }
    private var clientRecorder: ChannelRecorder { pair.clientRecorder }
    private var serverRecorder: ChannelRecorder { pair.serverRecorder }

    init() throws {
        let authority = try TestAuthority()
        pair = try TLSPair(client: TLSContext.client(authority.client), server: TLSContext.server(authority.server()))
    }

    private func exchange(pieceSize: Int = .max) throws {
        try pair.exchange(pieceSize: pieceSize)
    }

    @Test func tellsActivityAfterTheHandshake() throws {
        #expect(!clientRecorder.isActive)
        try exchange()
        #expect(clientRecorder.isActive)
        #expect(serverRecorder.isActive)
        #expect(clientRecorder.errors.isEmpty)
    }

    @Test(arguments: [1, 7, 1000, 1_000_000])
    func carriesBytesCutAnywhere(pieceSize: Int) throws {
        try exchange(pieceSize: pieceSize)
        let sent = (0..<(pieceSize < 1000 ? 20_000 : 70_000)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        client.writeAndFlush(ByteBuffer(bytes: sent), promise: nil)
        server.writeAndFlush(ByteBuffer(bytes: sent.reversed()), promise: nil)
        try exchange(pieceSize: pieceSize)
        #expect(serverRecorder.bytes == sent)
        #expect(clientRecorder.bytes == sent.reversed())
    }

    @Test func endsCleanlyWithCloseNotify() throws {
        try exchange()
        client.writeAndFlush(ByteBuffer(string: "last"), promise: nil)
        client.close(promise: nil)
        try exchange()
        #expect(serverRecorder.bytes == Array("last".utf8))
        #expect(!serverRecorder.isActive)
        #expect(serverRecorder.errors.isEmpty)
        #expect(clientRecorder.errors.isEmpty)
    }

    @Test func readsOnAfterClosingItsOutput() throws {
        try exchange()
        server.close(mode: .output, promise: nil)
        #expect(throws: ChannelError.self) { try server.writeAndFlush(ByteBuffer(string: "late")).wait() }
        client.writeAndFlush(ByteBuffer(string: "still read"), promise: nil)
        try exchange()
        #expect(serverRecorder.bytes == Array("still read".utf8))
        #expect(serverRecorder.errors.isEmpty)
    }

    @Test func tellsTruncation() throws {
        try exchange()
        server.pipeline.fireChannelInactive()
        #expect(serverRecorder.errors.map(\.code) == [.connectionLost])
        #expect(serverRecorder.errors.first?.message.contains("close_notify") == true)
    }

    @Test func tellsAnEndDuringTheHandshake() throws {
        client.pipeline.fireChannelInactive()
        #expect(clientRecorder.errors.map(\.code) == [.connectionLost])
        #expect(!clientRecorder.wasActive)
    }

    @Test func failsOnDamagedRecords() throws {
        try exchange()
        client.writeAndFlush(ByteBuffer(string: "secret"), promise: nil)
        var record = try #require(try client.readOutbound(as: ByteBuffer.self))
        let last = record.writerIndex - 1
        let byte = try #require(record.getInteger(at: last, as: UInt8.self))
        record.setInteger(byte ^ 1, at: last)
        try server.writeInbound(record)
        #expect(serverRecorder.errors.map(\.code) == [.tls])
        #expect(serverRecorder.bytes.isEmpty)
        #expect(serverRecorder.errors.first?.underlying?.contains("bad record mac") == true)
    }

    @Test func failsWritesBeforeTheHandshake() {
        #expect(throws: ChannelError.self) { try client.writeAndFlush(ByteBuffer(string: "early")).wait() }
    }

    /// A hole in what was sent would be worse than the end of the connection.
    @Test func endsWhenOpenSSLDoesNotTakePlaintext() throws {
        try exchange()
        // Behind the handler's back, so that it still thinks it may write.
        pair.clientSession.shutDown()
        let error = #expect(throws: ConnectionError.self) {
            try client.writeAndFlush(ByteBuffer(string: "lost")).wait()
        }
        #expect(error?.code == .tls)
        #expect(error?.underlying?.contains("protocol is shutdown") == true)
        #expect(clientRecorder.errors.map(\.code) == [.tls])
        #expect(!client.isActive)
    }
}
