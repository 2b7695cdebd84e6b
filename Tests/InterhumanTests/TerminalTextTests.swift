import Foundation
import FoundationNetworking
import Interhuman
import TestPrograms
import Testing

/// What a peer says reaches the terminal as text, never as commands to it.
@Suite(.timeLimit(.minutes(2))) struct TerminalTextTests {
    /// A new title, a cleared screen, a C1 control, and a text that would run backwards.
    private static let mischief = "\u{1B}]0;pwned\u{07}\u{1B}[2J\u{9B}2J\u{202E}\rend"

    private func expectPlain(_ text: String, _ location: SourceLocation = #_sourceLocation) {
        let controls = text.unicodeScalars.filter {
            ($0.properties.generalCategory == .control && $0 != "\n") || $0 == "\u{202E}"
        }
        #expect(controls.isEmpty, "\(text.debugDescription)", sourceLocation: location)
    }

    @Test func aClientsWordsInTheServicesLogAreText() async throws {
        let service = try RunningProgram(
            try BuiltExecutable.path(of: "interhuman"), ["serve", "--port", "0", "--plain"])
        let ready = try #require(await service.output.firstLine { _ in true })
        let document = try #require(try JSONSerialization.jsonObject(with: Data(ready.utf8)) as? [String: Any])
        let base = try #require((document["url"] as? String)?.replacing("ws://", with: "http://"))
        let address = try #require(
            URL(string: base)?.host.flatMap { host in
                URL(string: base)?.port.flatMap { URL(string: "http://\(host):\($0)/v1/client_tokens") }
            })
        var request = URLRequest(url: address)
        request.httpMethod = "POST"
        request.httpBody = try JSONSerialization.data(
            withJSONObject: ["api_key": "x", "scopes": [Self.mischief, "two\nlines"]])
        _ = try await URLSession.shared.data(for: request)
        let line = try #require(await service.errors.firstLine { $0.contains("refused") })
        #expect(line.contains("pwned"))
        expectPlain(line)
        service.send(signal: SIGTERM)
        #expect(await service.waitUntilExit() == 0)
    }

    /// What a client says in its configuration is quoted by the report on it; it adds no line there.
    @Test func aClientsWordsInAReportAreText() async throws {
        let service = try RunningProgram(
            try BuiltExecutable.path(of: "interhuman"), ["serve", "--port", "0", "--plain", "--report"])
        let ready = try #require(await service.output.firstLine { _ in true })
        let document = try #require(try JSONSerialization.jsonObject(with: Data(ready.utf8)) as? [String: Any])
        let channel = try await WebSocketConnector().connectWebSocket(
            ConnectionRequest(
                endpoint: ServiceEndpoint(baseURL: try #require(document["url"] as? String)),
                credential: Credential("key")))
        let name = Self.mischief + "\n[0] forged"
        let configuration = try JSONSerialization.data(withJSONObject: ["include": [name]])
        try await channel.send(text: String(decoding: configuration, as: UTF8.self))
        await channel.close()
        service.send(signal: SIGTERM)
        let log = await service.errors.text()
        #expect(log.contains("bad_configuration"))
        #expect(!log.split(separator: "\n").contains { $0.hasPrefix("[0] forged") })
        expectPlain(log)
    }

    @Test func whatIsLoggedIsText() async throws {
        let refusal = try JSONSerialization.data(withJSONObject: ["error_id": "ih1002", "message": Self.mischief])
        let server = try ScriptedServer(
            .answer(
                "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(refusal.count)\r\n\r\n" + String(decoding: refusal, as: UTF8.self)))
        let stream = try await FinishedProgram.run(
            try BuiltExecutable.path(of: "interhuman"),
            ["stream", "--synthetic", "--verbose", "--url", "ws://127.0.0.1:\(server.port)"],
            environment: ["INTERHUMAN_API_KEY": "key"])
        #expect(stream.status != 0 && stream.errors.contains("pwned"))
        expectPlain(stream.errors)
    }

    @Test(arguments: [false, true]) func aServicesWordsAreText(json: Bool) async throws {
        let text = String(decoding: try JSONEncoder().encode(Self.mischief), as: UTF8.self)
        let messages = [
            #"{"type":"feedback.generated","data":{"feedback":\#(text)}}"#,
            #"{"type":"signal.detected","data":{"signal_type":\#(text),"start":1,"rationale":\#(text)}}"#,
            #"{"type":"error","data":{"code":\#(text),"message":\#(text)}}"#,
            #"{"type":\#(text),"data":{}}"#,
        ]
        let directory = try TemporaryDirectory()
        var lines = [#"{"format":"interhuman-events-1","service":{"url":"ws://127.0.0.1/","version":"v1"}}"#]
        lines.append(#"{"event":"connected","wall":1,"text":\#(text)}"#)
        for message in messages {
            let quoted = String(decoding: try JSONEncoder().encode(message), as: UTF8.self)
            lines.append(#"{"event":"message","wall":1,"connection":1,"message":\#(quoted)}"#)
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8)
            .write(to: URL(filePath: directory.file("events.jsonl")))
        let replay = try await FinishedProgram.run(
            try BuiltExecutable.path(of: "interhuman"),
            ["replay", "--unpaced", directory.path] + (json ? ["--json"] : []))
        #expect(replay.status == 0)
        expectPlain(replay.errors)
        #expect((json ? replay.errors : replay.output).contains("feedback    \u{FFFD}]0;pwned"))
        if json {
            #expect(replay.output == messages.joined(separator: "\n") + "\n")
        } else {
            expectPlain(replay.output)
        }
    }
}
