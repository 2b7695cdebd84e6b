import Foundation
import FoundationNetworking
import InterhumanCore
import InterhumanLocalService
import Testing

@Suite("The control endpoint", .timeLimit(.minutes(2)))
struct ControlEndpointTests {
    private struct Answer {
        var status: Int
        var body: String
    }

    private func request(
        _ service: LocalService, _ method: String, _ path: String, body: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(service.port)\(path)")))
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = try #require(response as? HTTPURLResponse).statusCode
        return Answer(status: status, body: String(decoding: data, as: UTF8.self))
    }

    @Test("changes the faults of a running service")
    func faults() async throws {
        let service = try await LocalService.start(LocalServiceConfiguration(isControllable: true))
        #expect(try await request(service, "GET", "/_control/faults").body == "[]")
        let put = try await request(service, "PUT", "/_control/faults", body: #"["1x refuse=ih3003"]"#)
        #expect(put.status == 200)
        #expect(put.body == #"["1x handshake: refuse=ih3003"]"#)
        let post = try await request(service, "POST", "/_control/faults", body: #"["5x kill"]"#)
        #expect(post.body == #"["1x handshake: refuse=ih3003","5x open: kill"]"#)
        #expect(try await request(service, "DELETE", "/_control/faults").body == "[]")
        _ = try await request(service, "PUT", "/_control/faults", body: #"["1x refuse=ih3003"]"#)
        let (messages, ending) = await (try await ServiceClient(service)).rest()
        #expect(messages.errors.map(\.code) == [.quotaExhausted])
        #expect(ending?.closeCode == 4029)
        #expect(try await request(service, "GET", "/_control/faults").body == "[]")
        await service.shutdown()
    }

    @Test("refuses what it does not understand", arguments: [#"["bang"]"#, "[1]", "{}", "", "["])
    func nonsense(body: String) async throws {
        let service = try await LocalService.start(LocalServiceConfiguration(isControllable: true))
        #expect(try await request(service, "PUT", "/_control/faults", body: body).status == 400)
        #expect(service.faults.current.isEmpty)
        #expect(try await request(service, "PATCH", "/_control/faults", body: "[]").status == 405)
        await service.shutdown()
    }

    @Test("gives the reports")
    func reports() async throws {
        let log = EventLog()
        let service = try await LocalService.start(
            LocalServiceConfiguration(isControllable: true, observer: log.observer))
        let client = try await ServiceClient(service)
        _ = try await client.run([])
        let id = try #require(client.connection.correlationID)
        _ = await log.sessionEnded()
        let all = try await request(service, "GET", "/_control/reports")
        #expect(try JSONDecoder().decode([StreamReport].self, from: Data(all.body.utf8)) == service.reports)
        let one = try await request(service, "GET", "/_control/reports/\(id)")
        #expect(try JSONDecoder().decode(StreamReport.self, from: Data(one.body.utf8)).correlationID == id)
        #expect(try await request(service, "GET", "/_control/reports/none").status == 404)
        await service.shutdown()
    }

    @Test("is not there unless asked for, and not for web pages or other names")
    func closed() async throws {
        let plain = try await LocalService.start()
        #expect(try await request(plain, "GET", "/_control/faults").status == 404)
        await plain.shutdown()
        let service = try await LocalService.start(LocalServiceConfiguration(isControllable: true))
        let page = ["Origin": "https://example.com"]
        #expect(try await request(service, "GET", "/_control/faults", headers: page).status == 403)
        let name = ["Host": "rebound.example.com:\(service.port)"]
        #expect(try await request(service, "GET", "/_control/faults", headers: name).status == 403)
        await service.shutdown()
    }
}
