import Foundation
import InterhumanCore
import InterhumanTesting
import Synchronization
import Testing

@testable import InterhumanSession

/// What waits survives the end of the process.
@Suite(.timeLimit(.minutes(1)))
struct SpoolTests {
    /// A directory of the test's own.
    private final class Directory {
        let path = FileManager.default.temporaryDirectory.appending(path: "spool-\(UUID())").path

        deinit {
            try? FileManager.default.removeItem(atPath: path)
        }

        func files() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".spool") }.sorted()
        }
    }

    private func entry(_ id: UInt64, byteCount: Int = 100) -> SpooledSegment {
        SpooledSegment(
            id: id, run: 7, wallClock: WallClockTime(nanosecondsSince1970: 1_700_000_000_000_000_000 + Int64(id)),
            segment: MediaSegment(
                index: Int(id), header: [1, 2, 3], body: (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) },
                timeRange: TimeRange(start: MediaTime(seconds: Double(id)), end: MediaTime(seconds: Double(id) + 1)),
                mediaStart: Double(id), mediaEnd: Double(id) + 1, videoFrameCount: 3, audioSampleCount: 5,
                beginsStream: id == 0))
    }

    @Test("gives back what was neither sent nor given up, byte for byte, also after a kill", arguments: [true, false])
    func roundTrip(flushesToDevice: Bool) async throws {
        let directory = Directory()
        do {
            let spool = DiskSpool(directory: directory.path, flushesToDevice: flushesToDevice)
            #expect(try await spool.open().isEmpty)
            for id in 0..<5 { try await spool.append(entry(UInt64(id))) }
            try await spool.markSending(0)
            spool.remove([0, 2])
            try await spool.markSending(3)
            try await spool.markSending(4)
            spool.markWaiting(4)
            try await spool.append(entry(5))
            try await spool.close()
        }
        let left = try await DiskSpool(directory: directory.path).open()
        var interrupted = entry(3)
        interrupted.wasBeingSent = true
        #expect(left == [entry(1), interrupted, entry(4), entry(5)])
    }

    @Test("a record that the process died in is left out, at every length", arguments: [1, 10, 60, 150])
    func torn(cut: Int) async throws {
        let directory = Directory()
        let spool = DiskSpool(directory: directory.path)
        _ = try await spool.open()
        for id in 0..<3 { try await spool.append(entry(UInt64(id))) }
        try await spool.close()
        let file = try #require(try directory.files().last)
        let url = URL(filePath: directory.path).appending(path: file)
        let bytes = try Data(contentsOf: url)
        try bytes.dropLast(cut).write(to: url)
        let again = DiskSpool(directory: directory.path)
        #expect(try await again.open() == [entry(0), entry(1)])
        // What comes then goes into a fresh file, and all is there the next time.
        try await again.append(entry(9))
        try await again.close()
        #expect(try await DiskSpool(directory: directory.path).open() == [entry(0), entry(1), entry(9)])
    }

    @Test("a flipped bit is not taken for media")
    func damaged() async throws {
        let directory = Directory()
        let spool = DiskSpool(directory: directory.path)
        _ = try await spool.open()
        for id in 0..<3 { try await spool.append(entry(UInt64(id))) }
        try await spool.close()
        let url = URL(filePath: directory.path).appending(path: try #require(try directory.files().last))
        var bytes = try Data(contentsOf: url)
        bytes[bytes.count / 2] ^= 0x10
        try bytes.write(to: url)
        #expect(try await DiskSpool(directory: directory.path).open() == [entry(0)])
    }

    @Test("bounded: refuses what exceeds the limit, and has room again when segments went")
    func bounded() async throws {
        let directory = Directory()
        let spool = DiskSpool(directory: directory.path, maximumBytes: 400_000)
        _ = try await spool.open()
        var id: UInt64 = 0
        let error = await #expect(throws: SpoolError.self) {
            while true {
                try await spool.append(entry(id, byteCount: 30_000))
                id += 1
            }
        }
        #expect(error?.code == .full)
        #expect((10...13).contains(id))
        #expect(try directory.files().count > 2)
        spool.remove(Array(0..<id))
        try await spool.append(entry(id, byteCount: 30_000))
        #expect(try directory.files().count <= 2)
        try await spool.close()
    }

    @Test("a record that could be written in part only leaves nothing behind, and those after it are found")
    func partialWrite() throws {
        let directory = Directory()
        // The third record is cut short once, as on a full disk.
        let calls = Mutex(0)
        do {
            var files = try SpoolFiles(directory: directory.path, maximumBytes: 1 << 20, flushesToDevice: false) {
                let call = calls.withLock { calls in
                    calls += 1
                    return calls
                }
                switch call {
                case 3: return SpoolFiles.systemWrite($0, UnsafeRawBufferPointer(rebasing: $1.prefix($1.count / 2)))
                case 4:
                    errno = ENOSPC
                    return -1
                default: return SpoolFiles.systemWrite($0, $1)
                }
            }
            #expect(try files.recover().isEmpty)
            try files.append(SpoolRecord(entry(0)))
            try files.append(SpoolRecord(entry(1)))
            #expect(throws: SpoolError.self) { try files.append(SpoolRecord(entry(2))) }
            try files.append(SpoolRecord(entry(3)))
            try files.append(SpoolRecord(kind: .removed, id: 0))
            try files.append(SpoolRecord(kind: .removed, id: 1))
        }
        var again = try SpoolFiles(directory: directory.path, maximumBytes: 1 << 20, flushesToDevice: false)
        #expect(try again.recover().map(\.id) == [3])
    }

    @Test("a removal that can't be written is told when the spool is closed at the latest")
    func failedRemoval() async throws {
        let directory = Directory()
        let spool = DiskSpool(directory: directory.path, maximumBytes: 400_000)
        _ = try await spool.open()
        try await spool.append(entry(0, byteCount: 70_000))
        // The next record wants a file of its own; there is one of that name.
        try Data().write(to: URL(filePath: directory.path).appending(path: "0000000000000001.spool"))
        spool.remove([0])
        await #expect(throws: SpoolError.self) { try await spool.close() }
        try await spool.close()
    }

    @Test("a mark that fails neither keeps the others from their work nor takes the place of the next one")
    func failedMarks() async throws {
        let directory = Directory()
        let spool = DiskSpool(directory: directory.path, maximumBytes: 400_000)
        _ = try await spool.open()
        try await spool.append(entry(0, byteCount: 40_000))
        try await spool.append(entry(1, byteCount: 40_000))
        try await spool.append(entry(2, byteCount: 70_000))
        // The next record wants a file of its own; there is one of that name.
        let obstacle = URL(filePath: directory.path).appending(path: "0000000000000003.spool")
        try Data().write(to: obstacle)
        spool.remove([0, 1])
        await #expect(throws: SpoolError.self) { try await spool.markSending(2) }
        #expect(try directory.files() == ["0000000000000002.spool", "0000000000000003.spool"])
        try await spool.append(entry(8))
        try FileManager.default.removeItem(at: obstacle)
        await #expect(throws: SpoolError.self) { try await spool.markSending(2) }
        try await spool.close()
        var interrupted = entry(2, byteCount: 70_000)
        interrupted.wasBeingSent = true
        #expect(try await DiskSpool(directory: directory.path).open() == [interrupted, entry(8)])
    }

    @Test("what else lies in the directory is left alone", .timeLimit(.minutes(1)))
    func strayFiles() async throws {
        let directory = Directory()
        do {
            let spool = DiskSpool(directory: directory.path)
            _ = try await spool.open()
            try await spool.append(entry(0))
            try await spool.close()
        }
        let url = URL(filePath: directory.path)
        try FileManager.default.copyItem(
            at: url.appending(path: "0000000000000000.spool"), to: url.appending(path: "old.spool"))
        let spool = DiskSpool(directory: directory.path)
        #expect(try await spool.open() == [entry(0)])
        try await spool.append(entry(1))
        spool.remove([0, 1])
        try await spool.close()
        #expect(try directory.files().contains("old.spool"))
    }

    @Test("one process at a time")
    func busy() async throws {
        let directory = Directory()
        let first = DiskSpool(directory: directory.path)
        _ = try await first.open()
        let error = await #expect(throws: SpoolError.self) {
            _ = try await DiskSpool(directory: directory.path).open()
        }
        #expect(error?.code == .busy)
        try await first.close()
        #expect(try await DiskSpool(directory: directory.path).open().isEmpty)
    }

    @Test("a session keeps what it can't send, and the next one sends it first, over a connection of its own")
    func session() async throws {
        let directory = Directory()
        let lost = ConnectionEnding(closeCode: 1006)
        let first = try SessionFixture(
            ConnectionScript.wellBehaved().on(.segment(2), .end(lost)),
            encoders: PassthroughSegmentEncoderFactory(segmentDuration: .milliseconds(500))
        ) {
            $0.spool = DiskSpool(directory: directory.path)
            $0.reconnect.shortestDelay = .seconds(1_000)
            $0.reconnect.longestDelay = .seconds(1_000)
        }
        let events = try await first.session.start()
        // The sources end; everything was captured, two segments were sent, and the network is gone.
        await first.clock.waitForSleeper(until: SessionFixture.base + .seconds(30))
        first.clock.advance(by: .seconds(30))
        let account = await Account(reading: events)
        #expect(account.sent.map(\.number) == [0, 1])
        let kept = account.events.flatMap { event -> [SegmentSummary] in
            if case .kept(let segments) = event.kind { segments } else { [] }
        }
        #expect(kept.map(\.number) == Array(2..<12))
        #expect(account.summary?.timeKept == kept.reduce(.zero) { $0 + $1.timeRange.duration })

        let second = try SessionFixture(
            [.accept(.wellBehaved()), .accept(.wellBehaved())],
            credentials: RecordingCredentialProvider(repeating: .test),
            encoders: PassthroughSegmentEncoderFactory(segmentDuration: .milliseconds(500))
        ) { $0.spool = DiskSpool(directory: directory.path) }
        let told = await Account(reading: try await second.session.start())
        #expect(told.error == nil)
        #expect(told.events.contains { if case .recovered(segments: 10) = $0.kind { true } else { false } })
        let connections = second.connector.connections
        #expect(connections.count == 2)
        #expect(connections[0].segments.map(\.index) == Array(2..<12))
        #expect(connections[1].segments.map(\.index) == Array(0..<12))
        #expect(connections.allSatisfy { $0.binaryMessages[0].starts(with: PassthroughSegmentEncoderFactory.header) })
        #expect(connections[0].sent.contains(.closeRequest))
        let third = DiskSpool(directory: directory.path)
        #expect(try await third.open().isEmpty)
    }

    @Test("a spool that can't be used is warned of, and the session goes on without")
    func unusable() async throws {
        let fixture = try SessionFixture(.wellBehaved()) { $0.spool = DiskSpool(directory: "/dev/null/spool") }
        let account = await Account(reading: try await fixture.session.start())
        #expect(account.error == nil)
        #expect(account.names.contains("warning"))
        #expect(account.imbalance == nil)
    }
}
