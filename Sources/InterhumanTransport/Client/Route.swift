import InterhumanCore
import Logging
import NIOCore
import NIOPosix

/// The way to an endpoint: directly, or through a proxy.
struct Route: Sendable {
    let endpoint: ServiceEndpoint
    let proxy: HTTPProxy?
    /// The proxy's TLS, where it has some.
    let proxyTLS: TLSContext?
    /// The endpoint's TLS, where it has some.
    let tls: TLSContext?

    /// Where TCP goes.
    var host: String { proxy?.host ?? endpoint.host }
    /// Where TCP goes.
    var port: Int { proxy?.port ?? endpoint.port }

    /// Host and port for CONNECT; unlike in `Host`, the port is always there.
    var tunnelTarget: String {
        "\(endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host):\(endpoint.port)"
    }

    /// What a failure to connect over TCP says.
    func unreachable(_ error: any Error) -> ConnectionError {
        // Setting a channel up may fail for a reason of ours; SwiftNIO packs it into its own error.
        let causes = (error as? NIOConnectionError)?.connectionErrors.map(\.error) ?? [error]
        if let own = causes.lazy.compactMap({ $0 as? ConnectionError }).first { return own }
        var result = ConnectionError(connecting: error, host: host, port: port)
        guard let proxy else { return result }
        result.code = .proxy
        result.message = "The proxy \(proxy) could not be reached. Check its setting (HTTPS_PROXY), or go without it."
        return result
    }

    /// Adds what lies between the socket and the WebSocket.
    func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations, logger: Logger) throws {
        if let proxy {
            if let proxyTLS {
                let session = try TLSSession.client(
                    proxyTLS, host: proxyTLS.client?.serverName ?? proxy.host, peer: "\(proxy.host):\(proxy.port)")
                try pipeline.addHandler(handler(session, proxyTLS, isTunnelled: false))
            }
            try pipeline.addHandler(ProxyTunnelHandler(proxy, target: tunnelTarget, logger: logger))
        }
        if let tls {
            let session = try TLSSession.client(
                tls, host: tls.client?.serverName ?? endpoint.host, peer: endpoint.authority)
            try pipeline.addHandler(handler(session, tls, isTunnelled: proxy != nil))
        }
    }

    /// A tunnel's far end is never known to be this machine, even when the proxy is.
    private func handler(
        _ session: TLSSession, _ context: TLSContext, isTunnelled: Bool
    ) throws(ConnectionError) -> TLSHandler {
        let isUnverified = context.client?.verification == .noneOnLoopback
        guard !(isUnverified && isTunnelled) else { throw .unverifiedRemotePeer(endpoint.host) }
        return TLSHandler(takingOwnership: session, refusesRemotePeers: isUnverified)
    }
}
