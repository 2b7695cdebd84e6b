import InterhumanCore
import InterhumanLocalService
import TestPrograms
import Testing

@testable import InterhumanTransport

/// Our TLS against Python's `ssl`, both ways round.
@Suite(.timeLimit(.minutes(10)))
struct PythonTLSTests {
    let directory: TemporaryDirectory
    let certificate: LocalCertificate
    let client: TLSContext
    let server: TLSContext

    init() throws {
        directory = try TemporaryDirectory()
        certificate = try LocalCertificate.loadOrCreate(in: directory.file("certificate"))
        client = try .client(certificate)
        server = try .server(certificate)
    }

    @Test func carries100MiBBothWaysAsClient() async throws {
        let (peer, port) = try await PythonTLSPeer.server(.echo, certificate)
        let stream = try await TLSStream.connect(port: port, client, expecting: Payload.byteCount)
        try await stream.sendPayload()
        #expect(try await stream.receivedChecksum() == Payload.sha256)
        await stream.close()
        let report = try await peer.report()
        #expect(report.sha256 == Payload.sha256)
        #expect(report.end == "clean")
        #expect(report.version == "TLSv1.3")
    }

    /// The server has heard that we send no more before it sends its first byte.
    @Test func readsOnAfterItsOwnEnd() async throws {
        let (peer, port) = try await PythonTLSPeer.server(.halfClose, certificate)
        let stream = try await TLSStream.connect(port: port, client, expecting: Payload.byteCount)
        try await stream.sendPayload()
        try await stream.finishSending()
        #expect(try await stream.receivedChecksum() == Payload.sha256)
        let ending = try await stream.ending()
        #expect(ending.error == nil)
        #expect(ending.byteCount == Payload.byteCount)
        let report = try await peer.report()
        #expect(report.sha256 == Payload.sha256)
        #expect(report.end == "clean")
    }

    /// The server sends no more, and hears everything that was written before we knew, and a goodbye.
    @Test func endsWhenThePeerDoes() async throws {
        let (peer, port) = try await PythonTLSPeer.server(.notify, certificate)
        let stream = try await TLSStream.connect(port: port, client)
        try await stream.send(Payload.block(0))
        #expect(try await stream.ending().error == nil)
        let report = try await peer.report()
        #expect(report.byteCount == Payload.blockSize)
        #expect(report.end == "clean")
    }

    @Test func tellsATruncationFromAnEnd() async throws {
        let (peer, port) = try await PythonTLSPeer.server(.truncate, certificate)
        let stream = try await TLSStream.connect(port: port, client)
        try await stream.send([1])
        let error = try #require(try await stream.ending().error)
        #expect(error.code == .connectionLost)
        #expect(error.message.contains("close_notify"))
        #expect(try await peer.report().end == "mine")
    }

    @Test func isToldApartByThePeer() async throws {
        let (peer, port) = try await PythonTLSPeer.server(.echo, certificate)
        let stream = try await TLSStream.connect(port: port, client)
        try await stream.send([1])
        await stream.abort()
        #expect(try await peer.report().end != "clean")
    }

    @Test func resumesAsClient() async throws {
        let (peer, port) = try await PythonTLSPeer.server(.echo, certificate)
        for expected in [false, true] {
            let stream = try await TLSStream.connect(port: port, client, expecting: 1)
            try await stream.send([1])
            _ = try await stream.receivedChecksum()
            await stream.close()
            #expect(stream.handshake.isResumed == expected)
            #expect(try await peer.report().isReused == expected)
        }
    }

    @Test func resumesAsServer() async throws {
        let listener = try await TLSListener(server, expecting: 5)
        let peer = try PythonTLSPeer.client(.notify, certificate, port: listener.port)
        for expected in [false, true] {
            let stream = try await listener.accept()
            _ = try await stream.receivedChecksum()
            try await stream.send([1])
            await stream.close()
            #expect(stream.handshake.isResumed == expected)
            let report = try await peer.report()
            #expect(report.isReused == expected)
            #expect(report.end == "clean")
        }
    }

    @Test func carries100MiBBothWaysAsServer() async throws {
        let listener = try await TLSListener(server, expecting: 5 + Payload.byteCount)
        let peer = try PythonTLSPeer.client(.echo, certificate, port: listener.port)
        let stream = try await listener.accept()
        try await stream.sendPayload()
        let sum = SHA256()
        Array("hello".utf8).withUnsafeBytes { sum.update($0) }
        for index in 0..<Payload.blockCount { Payload.block(index).withUnsafeBytes { sum.update($0) } }
        #expect(try await stream.receivedChecksum() == sum.finish())
        await stream.close()
        #expect(try await peer.report().sha256 == Payload.sha256)
    }

    @Test func readsOnAfterItsOwnEndAsServer() async throws {
        let listener = try await TLSListener(server, expecting: 5 + Payload.blockSize)
        let peer = try PythonTLSPeer.client(.halfClose, certificate, port: listener.port)
        let stream = try await listener.accept()
        try await stream.send(Payload.block(0))
        try await stream.finishSending()
        let ending = try await stream.ending()
        #expect(ending.error == nil)
        #expect(ending.byteCount == 5 + Payload.blockSize)
        #expect(try await peer.report().end == "clean")
    }
}

extension TLSContext {
    /// A client that trusts the certificate's authority alone.
    static func client(_ certificate: LocalCertificate) throws -> TLSContext {
        try client(
            TLSConfiguration(
                usesSystemTrust: false, trustedCertificates: [.file(path: certificate.authorityPath)]))
    }

    static func server(_ certificate: LocalCertificate) throws -> TLSContext {
        try server(
            TLSServerConfiguration(
                certificateChainPath: certificate.chainPath, privateKeyPath: certificate.keyPath))
    }
}
