import InterhumanCore
import Testing

@testable import InterhumanEncode

@Suite("Packets of a file's track that wait")
struct FileTrackTests {
    private final class Count {
        var restarts = 0
    }

    private func track(_ count: Count = Count()) -> FileTrack<Int> {
        FileTrack(
            streamIndex: 0, decode: { $0.map { [$0.byteCount] } ?? [] }, restart: { count.restarts += 1 },
            shift: { output, _ in output })
    }

    private func packet(byteCount: Int = 1) throws -> MediaPacket {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 1)
        defer { bytes.deallocate() }
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        let packet = try MediaPacket()
        try packet.fill(UnsafeRawBufferPointer(bytes))
        return packet
    }

    @Test("Of a track that nobody reads 30 s are kept, however often the file is played")
    func duration() throws {
        let track = track()
        for turn in 0..<4 {
            for second in 0..<20 {
                track.append(try packet(), shift: 0, time: Int64(turn * 20 + second) * 1_000_000_000)
                if track.isFull { track.dropOldest() }
            }
            track.appendEndOfTurn()
        }
        var outputs = 0
        while try track.next() != nil { outputs += 1 }
        #expect((30...31).contains(outputs))
    }

    @Test("Dropping goes on past the end of the file until there is room")
    func bytes() throws {
        let track = track()
        for turn in 0..<5 {
            track.append(try packet(byteCount: 16 << 20), shift: 0, time: Int64(turn))
            track.appendEndOfTurn()
        }
        #expect(track.isFull)
        track.dropOldest()
        track.dropOldest()
        #expect(!track.isFull)
        var outputs = 0
        while try track.next() != nil { outputs += 1 }
        #expect(outputs == 3)
    }

    @Test("A track without packets does not grow with the number of turns")
    func emptyTurns() throws {
        let count = Count()
        let track = track(count)
        for _ in 0..<1000 { track.appendEndOfTurn() }
        #expect(try track.next() == nil)
        #expect(count.restarts <= 1)
    }

    @Test("Times that make no sense are compared all the same")
    func hostileTimes() throws {
        let track = track()
        track.append(try packet(), shift: 0, time: -6_000_000_000_000_000_000)
        track.append(try packet(), shift: 0, time: 6_000_000_000_000_000_000)
        #expect(track.isFull)
        track.dropOldest()
        #expect(!track.isFull)
    }
}
