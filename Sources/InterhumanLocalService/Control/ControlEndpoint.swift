import InterhumanCore
import InterhumanTransport

/// What a test or a developer asks of the running service itself, from the same machine only.
///
/// | request | does |
/// | --- | --- |
/// | `GET /_control/faults` | the faults that are still to come |
/// | `PUT /_control/faults` | replaces them |
/// | `POST /_control/faults` | adds to them |
/// | `DELETE /_control/faults` | removes them |
/// | `GET /_control/reports` | the reports on the last 100 sessions, newest last |
/// | `GET /_control/reports/ID` | the report on one session, by its correlation id |
///
/// Faults are a JSON array of texts as ``ServiceFault`` reads them; each answer to a change has what is there now.
struct ControlEndpoint: Sendable {
    /// What the paths begin with.
    static let prefix = "/_control/"

    let faults: FaultPlan
    let reports: ReportJournal

    /// The JSON body of the answer.
    func answer(_ exchange: ServerExchange) throws(ServiceRefusal) -> [UInt8] {
        guard Self.isLocal(exchange) else { throw .notLocal }
        let name = exchange.path.dropFirst(Self.prefix.count)
        if name == "faults" { return try changeFaults(exchange) }
        guard name == "reports" || name.hasPrefix("reports/") else { throw .unknownPath }
        guard exchange.method == "GET" else { throw .wrongMethod(allowed: "GET") }
        guard name != "reports" else { return ServiceJSON.encode(reports.all) }
        let id = name.dropFirst("reports/".count)
        guard let report = reports.all.last(where: { $0.correlationID == id }) else { throw .unknownReport }
        return ServiceJSON.encode(report)
    }

    private func changeFaults(_ exchange: ServerExchange) throws(ServiceRefusal) -> [UInt8] {
        switch exchange.method {
        case "GET": break
        case "PUT": faults.replace(by: try Self.faults(in: exchange.body))
        case "POST": faults.add(try Self.faults(in: exchange.body))
        case "DELETE": faults.replace(by: [])
        default: throw .wrongMethod(allowed: "GET, PUT, POST, DELETE")
        }
        return ServiceJSON.encode(faults.current.map(\.description))
    }

    private static func faults(in body: [UInt8]) throws(ServiceRefusal) -> [ServiceFault] {
        var faults: [ServiceFault] = []
        for text in try ServiceJSON.decode([String].self, from: body) {
            guard let fault = ServiceFault(text) else { throw .badRequest("\"\(text.prefix(80))\" is no fault.") }
            faults.append(fault)
        }
        return faults
    }

    /// Whether the request comes from this machine and means it: a web page elsewhere can make a browser send requests
    /// here, but then its own name stands in `Host` or `Origin`.
    private static func isLocal(_ exchange: ServerExchange) -> Bool {
        isLoopback(host(exchange.remoteAddress)) && isLoopback(host(exchange.firstHeader("Host") ?? ""))
            && (exchange.firstHeader("Origin") == nil)
    }

    /// A host and port without the port, in lower case.
    private static func host(_ text: String) -> String {
        guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") else { return text.lowercased() }
        return text[..<colon].lowercased()
    }

    private static func isLoopback(_ host: String) -> Bool {
        let address = host.hasPrefix("[") ? String(host.dropFirst().prefix { $0 != "]" }) : host
        let mapped = address.hasPrefix("::ffff:") ? String(address.dropFirst(7)) : address
        let parts = mapped.split(separator: ".", omittingEmptySubsequences: false)
        let isIPv4 = parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
        return isIPv4 || address == "::1" || address == "localhost"
    }
}
