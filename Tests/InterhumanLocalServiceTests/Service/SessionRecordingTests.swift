import FoundationEssentials
import InterhumanCore
import InterhumanLocalService
import Testing

@Suite("Recordings of received bytes", .timeLimit(.minutes(1)))
struct SessionRecordingTests {
    @Test("A session's bytes are kept joined, with the sizes of the messages")
    func recording() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "recording-\(UUID())")
        defer { try? FileManager.default.removeItem(at: directory) }

        let service = try await LocalService.start(
            LocalServiceConfiguration(recordingDirectory: directory.path))
        let client = try await ServiceClient(service)
        let segments = try await EncodedMedia.lively.value
        _ = try await client.run(segments)
        await service.shutdown()

        let id = try #require(client.connection.correlationID)
        let media = try Data(contentsOf: directory.appending(path: "\(id).webm"))
        #expect(media.elementsEqual(segments[0].header + segments.flatMap(\.body)))
        let lines = try String(contentsOf: directory.appending(path: "\(id).jsonl"), encoding: .utf8)
            .split(separator: "\n")
        let expected = segments.enumerated().map { index, segment in
            let size = segment.byteCount + (index == 0 ? segment.header.count : 0)
            return "{\"message\":\(index),\"bytes\":\(size)}"
        }
        #expect(lines.map { String($0) } == expected)
    }

    @Test("A directory that goes away is told, and the session goes on")
    func removed() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "recording-\(UUID())").path
        let log = EventLog()
        let service = try await LocalService.start(
            LocalServiceConfiguration(recordingDirectory: directory, observer: log.observer))
        try FileManager.default.removeItem(atPath: directory)
        let client = try await ServiceClient(service)
        let (messages, _) = try await client.run(try await EncodedMedia.lively.value)
        #expect(messages.types.last == "session.ended")
        await service.shutdown()
        let failures = log.all.compactMap { event -> String? in
            if case .recordingFailed(let text) = event.kind { text } else { nil }
        }
        #expect(failures.first?.contains(directory) == true)
        #expect(failures.count == 1)
    }

    @Test("A directory that can't be made is told at the start")
    func impossible() async throws {
        let error = await #expect(throws: ConnectionError.self) {
            _ = try await LocalService.start(LocalServiceConfiguration(recordingDirectory: "/dev/null/directory"))
        }
        #expect(error?.code == .system)
        #expect(error?.description.contains("/dev/null/directory") == true)
    }
}
