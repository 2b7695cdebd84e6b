import InterhumanCore
import NIOCore
import NIOEmbedded
import Testing

@testable import InterhumanTransport

/// Two TLS handlers back to back, without sockets.
final class TLSHandlerTests {
    private let client = EmbeddedChannel()
    private let server = EmbeddedChannel()
    private let clientRecorder = Recorder()
    private let serverRecorder = Recorder()
    private let serverContext: TLSContext

    init() throws {
        let authority = try TestAuthority()
        serverContext = try TLSContext.server(try authority.server())
        let context = try TLSContext.client(authority.client)
        try connect(context)
    }

    private func connect(_ context: TLSContext) throws {
        try client.pipeline.syncOperations.addHandlers([
            TLSHandler(
                takingOwnership: TLSSession.client(context, host: "localhost", peer: "test")),
            clientRecorder,
        ])
        try server.pipeline.syncOperations.addHandlers([
            HalfClose(), TLSHandler(takingOwnership: TLSSession.server(serverContext)), serverRecorder,
        ])
        try server.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try client.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    deinit {
        _ = try? client.finish(acceptAlreadyClosed: true)
        _ = try? server.finish(acceptAlreadyClosed: true)
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
        let sent = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
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

    /// Carries ciphertext both ways until nothing moves.
    private func exchange(pieceSize: Int = .max) throws {
        var moved = true
        while moved {
            let up = try carry(from: client, to: server, pieceSize)
            let down = try carry(from: server, to: client, pieceSize)
            moved = up || down
        }
    }

    private func carry(from source: EmbeddedChannel, to target: EmbeddedChannel, _ pieceSize: Int) throws -> Bool {
        var moved = false
        while var buffer = try source.readOutbound(as: ByteBuffer.self) {
            moved = true
            while buffer.readableBytes > 0, target.isActive,
                let piece = buffer.readSlice(length: min(pieceSize, buffer.readableBytes))
            {
                try target.writeInbound(piece)
            }
        }
        return moved
    }
}

/// The last handler of a pipeline: keeps what it sees.
private final class Recorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    var bytes: [UInt8] = []
    var errors: [ConnectionError] = []
    var isActive = false
    var wasActive = false

    func channelActive(context: ChannelHandlerContext) {
        isActive = true
        wasActive = true
    }

    func channelInactive(context: ChannelHandlerContext) {
        isActive = false
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? ConnectionError { errors.append(error) }
    }
}

/// Does what a socket does when its output is closed; an embedded channel would close altogether.
private final class HalfClose: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
    }
}
