/// Which proxy connections go through.
public enum ProxySetting: Sendable {
    /// What the environment says: `https_proxy`, `HTTPS_PROXY`, `all_proxy` or `ALL_PROXY` for `wss`; `http_proxy`,
    /// `all_proxy` or `ALL_PROXY` for `ws` (`HTTP_PROXY` is not read: a web server's client can set it). `no_proxy` or
    /// `NO_PROXY` names what is reached directly; `localhost` and loopback addresses always are.
    case environment
    /// None, whatever the environment says.
    case none
    /// This one for everything, whatever the environment says.
    case proxy(HTTPProxy)
}
