import NIOCore
import NIOHTTP1
import SessionReport

/// Answers a browser's requests.
struct DashboardSite: Sendable {
    let address: DashboardAddress
    let port: Int
    let feed: DashboardFeed

    private typealias Writer = NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

    /// Answers the requests of a connection, one after the other.
    func serve(_ connection: DashboardServer.Connection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var parts = inbound.makeAsyncIterator()
            while let part = try await parts.next() {
                guard case .head(let head) = part else { continue }
                if try await answer(head, outbound) { continue }
                return
            }
        }
    }

    /// Answers a request; false when the connection ends with it.
    private func answer(_ head: HTTPRequestHead, _ outbound: Writer) async throws -> Bool {
        guard isFromHere(head) else {
            try await send(.forbidden, "text/plain", "This page is for this machine only.\n", outbound)
            return false
        }
        guard head.method == .GET else {
            try await send(.methodNotAllowed, "text/plain", "There is only GET.\n", outbound)
            return false
        }
        switch address.resource(of: head.uri) {
        case "":
            try await send(.ok, "text/html; charset=utf-8", DashboardPage.html, outbound)
        case "live.js":
            try await send(.ok, "text/javascript; charset=utf-8", DashboardPage.script, outbound)
        case "events":
            try await stream(outbound)
            return false
        default:
            try await send(
                .notFound, "text/plain", "There is nothing here. The address with its token stands on the terminal.\n",
                outbound)
        }
        return head.isKeepAlive
    }

    /// Whether a request comes from a page of this server, or from the address line. A name that was bound to this
    /// address by somebody else (DNS rebinding) shows in `Host`, another page's request in `Origin` or `Sec-Fetch-Site`.
    private func isFromHere(_ head: HTTPRequestHead) -> Bool {
        let hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
        let given = head.headers["host"]
        guard given.count == 1, hosts.contains(given[0].lowercased()) else { return false }
        let origins = head.headers["origin"]
        guard origins.allSatisfy({ origin in hosts.contains { origin == "http://\($0)" } }) else { return false }
        return head.headers["sec-fetch-site"].allSatisfy { ["same-origin", "none"].contains($0.lowercased()) }
    }

    // MARK: Answers

    private static let headers: HTTPHeaders = [
        "Cache-Control": "no-store",
        "Content-Security-Policy":
            "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    ]

    private func send(
        _ status: HTTPResponseStatus, _ type: String, _ text: String, _ outbound: Writer
    ) async throws {
        var headers = Self.headers
        headers.add(name: "Content-Type", value: type)
        headers.add(name: "Content-Length", value: "\(text.utf8.count)")
        try await outbound.write(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)))
        try await outbound.write(.body(.byteBuffer(ByteBuffer(string: text))))
        try await outbound.write(.end(nil))
    }

    /// Server-sent events (HTML, 9.2) until the session is over or the browser goes away. Each write waits until the
    /// browser has taken the one before, and then takes what is newest.
    private func stream(_ outbound: Writer) async throws {
        var headers = Self.headers
        headers.add(name: "Content-Type", value: "text/event-stream; charset=utf-8")
        try await outbound.write(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
        try await outbound.write(.body(.byteBuffer(ByteBuffer(string: "retry: 1500\n\n"))))
        let reader = feed.reader()
        while let items = await reader.next() {
            for (item, data) in items {
                try await outbound.write(
                    .body(.byteBuffer(ByteBuffer(string: "event: \(item.rawValue)\ndata: \(data)\n\n"))))
                if item == .over {
                    try await outbound.write(.end(nil))
                    return
                }
            }
        }
    }
}
