import InterhumanCore
import InterhumanLocalService
import InterhumanTransport
import InterhumanWire
import Testing

/// Our client.
enum Client {
    /// Opens a connection to a server on this machine.
    ///
    /// - Parameter certificate: The server's, when it is to be TLS.
    static func connect(
        port: Int, path: String, certificate: LocalCertificate?, compression: DeflateVariant,
        keepAlive: KeepAlive? = nil
    ) async throws -> WebSocketChannel {
        var configuration = configuration(certificate: certificate)
        configuration.keepAlive = keepAlive
        configuration.compression = compression.ours
        return try await WebSocketConnector(configuration).connectWebSocket(
            request(port: port, path: path, isSecure: certificate != nil))
    }

    /// Settings that trust the certificate's authority alone.
    static func configuration(
        certificate: LocalCertificate?, proxy: ProxySetting = .none
    ) -> WebSocketConnectorConfiguration {
        let tls = TLSConfiguration(
            usesSystemTrust: false, trustedCertificates: certificate.map { [.file(path: $0.authorityPath)] } ?? [])
        return WebSocketConnectorConfiguration(
            tls: tls, proxy: proxy, connectTimeout: patience, keepAlive: nil, closeTimeout: patience)
    }

    static func request(port: Int, path: String = "/", isSecure: Bool) throws -> ConnectionRequest {
        let endpoint = try ServiceEndpoint(url: "\(isSecure ? "wss" : "ws")://127.0.0.1:\(port)\(path)")
        return ConnectionRequest(endpoint: endpoint, credential: Credential("ih_test_secret"))
    }

    /// Sends every sample and checks that it comes back.
    static func checkEcho(over channel: WebSocketChannel) async throws {
        var messages = channel.messages.makeAsyncIterator()
        for text in Samples.texts {
            try await channel.send(text: text)
            #expect(await messages.next() == .text(text))
        }
        for binary in Samples.binaries {
            try await channel.send(binary: binary)
            #expect(await messages.next() == .binary(binary))
        }
        let pieces = [Array(Samples.media[..<1]), [], Array(Samples.media[1...])]
        try await channel.send(binary: pieces)
        #expect(await messages.next() == .binary(Samples.media))
    }

    /// Texts and binaries that ``checkEcho(over:)`` sends.
    static let echoCounts = (texts: Samples.texts.count, binaries: Samples.binaries.count + 1)
}
