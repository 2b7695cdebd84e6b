import InterhumanCore
import InterhumanLocalService
import InterhumanTransport
import TestPrograms
import Testing

/// Our client through tinyproxy.
@Suite(.enabled(if: TinyProxy.isAvailable, TinyProxy.absence), .timeLimit(.minutes(5)))
struct TinyProxyTests {
    let directory: TemporaryDirectory
    let certificate: LocalCertificate

    init() throws {
        directory = try TemporaryDirectory()
        certificate = try LocalCertificate.loadOrCreate(in: directory.file("certificate"))
    }

    @Test(arguments: [false, true])
    func tunnels(secure: Bool) async throws {
        let tls = TLSServerConfiguration(
            certificateChainPath: certificate.chainPath, privateKeyPath: certificate.keyPath)
        let server = try await EchoServer.start(tls: secure ? tls : nil, compression: .off)
        let proxy = try await TinyProxy.start(allowing: server.port)
        let connector = connector(proxy, user: TinyProxy.user, password: TinyProxy.password)
        let channel = try await connector.connectWebSocket(Client.request(port: server.port, isSecure: secure))
        try await Client.checkEcho(over: channel)
        await channel.close()
        #expect(await channel.ending().error == nil)
        await server.shutdown()
    }

    @Test(arguments: [(nil, 407, "wants a user name"), ("open-barley", 401, "refused the user name")])
    func wantsCredentials(password: String?, status: Int, message: String) async throws {
        let proxy = try await TinyProxy.start(allowing: 1)
        let error = await failure(
            connector(proxy, user: password.map { _ in TinyProxy.user }, password: password), port: 1)
        #expect(error?.code == .proxyUnauthorized)
        #expect(error?.httpStatus == status)
        #expect(error?.message.contains(message) == true)
        #expect(error?.description.contains("barley") == false)
    }

    @Test(arguments: [(1, "could not reach 127.0.0.1:1"), (2, "does not allow connections to 127.0.0.1:2")])
    func saysWhatTheProxyCannotDo(port: Int, message: String) async throws {
        let proxy = try await TinyProxy.start(allowing: 1)
        let error = await failure(
            connector(proxy, user: TinyProxy.user, password: TinyProxy.password), port: port)
        #expect(error?.code == .proxy)
        #expect(error?.message.contains(message) == true, "\(error?.description ?? "none")")
    }

    private func connector(_ proxy: TinyProxy, user: String?, password: String?) -> WebSocketConnector {
        let setting = HTTPProxy(
            host: "127.0.0.1", port: proxy.port, user: user, password: password.map { Credential($0) })
        return WebSocketConnector(Client.configuration(certificate: certificate, proxy: .proxy(setting)))
    }

    private func failure(_ connector: WebSocketConnector, port: Int) async -> ConnectionError? {
        await #expect(throws: ConnectionError.self) {
            _ = try await connector.connectWebSocket(Client.request(port: port, isSecure: false))
        }
    }
}
