import Glibc
import Interhuman

/// The doctor's checks of the way to the service: proxy, name, TLS, key, clock.
enum ServiceChecks {
    /// What the environment says of proxies. Names only: a proxy's URL may hold a password.
    static var settings: [Finding] {
        let names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]
        let set = names.filter { getenv($0).map { $0.pointee != 0 } ?? false }
        return [.ok("proxy", set.isEmpty ? "none in the environment" : "from \(set.joined(separator: ", "))")]
    }

    /// Opens a session and ends it as soon as the service has said something.
    static func findings(url: String, version: ServiceEndpoint.Version, ca: String?) async -> [Finding] {
        do {
            let endpoint = try ServiceEndpoint(baseURL: url, version: version)
            let credential = try await EnvironmentCredential().credential(refreshing: false)
            let tls = TLSConfiguration(trustedCertificates: endpoint.isSecure ? ca.map { [.file(path: $0)] } ?? [] : [])
            let connector = WebSocketConnector(WebSocketConnectorConfiguration(tls: tls))
            let connection = try await connector.connect(
                ConnectionRequest(endpoint: endpoint, credential: credential))
            let answer = await firstAnswer(of: connection)
            await connection.close()
            return findings(of: answer, from: endpoint.host, version: version, now: SystemClock().wallClockNanoseconds)
        } catch let error as CredentialError {
            return [.warning("service", "not asked: there is no key.", error.message)]
        } catch let error as ConnectionError {
            return [refusal(error)]
        } catch {
            return [.problem("service", "\(error)", "This should not happen; please report it.")]
        }
    }

    /// What the service says first, within 3 s; nil when it says nothing, as older services do.
    private static func firstAnswer(of connection: any AnalysisConnection) async -> ConnectionEvent? {
        let reading = Task {
            var iterator = connection.events.makeAsyncIterator()
            return await iterator.next()
        }
        let deadline = Task {
            try await Task.sleep(for: .seconds(3))
            reading.cancel()
        }
        defer { deadline.cancel() }
        return await reading.value
    }

    /// - Parameter now: Nanoseconds since 1970, on this machine's clock.
    static func findings(
        of answer: ConnectionEvent?, from host: String, version: ServiceEndpoint.Version, now: Int64
    ) -> [Finding] {
        switch answer {
        case .message(let message):
            let service: Finding =
                if case .error(let error) = message.body {
                    .problem("service", "\(host) refused the session: \(error).", ServiceAdvice.text(for: error.code))
                } else {
                    .ok("service", "\(host) took the key and answered with \(message.type) (\(version.rawValue))")
                }
            return [service] + (message.timestamp.map { [skew($0, now: now)] } ?? [])
        case .ended(let ending):
            guard let error = ending.error else {
                return [
                    .problem(
                        "service", "\(host) took the connection and closed it (\(ending.closeCode)).",
                        "Try again; if it goes on, ask the service's support with the time of day.")
                ]
            }
            return [refusal(error)]
        case nil:
            return [.ok("service", "\(host) took the key (\(version.rawValue)) and said nothing, as older services do")]
        }
    }

    static func refusal(_ error: ConnectionError) -> Finding {
        let account = error.serviceError.map { " (\($0))" } ?? ""
        let finding = "\(error.operation) failed: \(error.code.rawValue)\(account)."
        let advice =
            switch error.code {
            case .certificateRejected:
                """
                \(error.message) If your network inspects TLS, give its authority's PEM file by --ca, or install it \
                (update-ca-certificates).
                """
            case .nameNotResolved, .unreachable, .timedOut:
                "\(error.message) Behind a proxy, set https_proxy."
            default:
                error.serviceError.map { ServiceAdvice.text(for: $0.code) } ?? error.message
            }
        return .problem("service", finding, advice)
    }

    private static func skew(_ timestamp: ServerTimestamp, now: Int64) -> Finding {
        // As numbers with a fraction: whole ones would overflow for the years that a service may name.
        let seconds = (Double(now) - Double(timestamp.nanosecondsSince1970)) / 1e9
        let text = "\(abs(Int(seconds.rounded()))) s \(seconds < 0 ? "behind" : "ahead of") the service's"
        guard abs(seconds) >= 5 else { return .ok("clock skew", "less than 5 s from the service's clock") }
        return .warning(
            "clock skew", "This machine's clock is \(text).",
            "Set it by a time server (sudo timedatectl set-ntp true): dates of events are wrong otherwise.")
    }
}
