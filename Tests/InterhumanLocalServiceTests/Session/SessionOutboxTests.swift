import Testing

@testable import InterhumanLocalService

@Suite("The outbox of a session", .timeLimit(.minutes(1)))
struct SessionOutboxTests {
    @Test("Items come out in order, also to a reader that waits")
    func order() async {
        let outbox = SessionOutbox(capacity: 2)
        async let first = outbox.next()
        outbox.append(.text("a"))
        outbox.append(.text("b"))
        outbox.append(.close(code: 1000, reason: "done"))
        #expect(await first == .text("a"))
        #expect(await outbox.next() == .text("b"))
        #expect(await outbox.next() == .close(code: 1000, reason: "done"))
    }

    @Test("A full outbox holds its producer until the reader made room")
    func backPressure() async {
        let outbox = SessionOutbox(capacity: 2)
        outbox.append(.text("a"))
        await outbox.waitForRoom()
        outbox.append(.text("b"))
        await withTaskGroup(of: String.self) { group in
            group.addTask {
                await outbox.waitForRoom()
                return "room"
            }
            group.addTask {
                // Room comes with this only: the first to return is the reader or the one it let go.
                _ = await outbox.next()
                return "read"
            }
            var seen: Set<String> = []
            for await name in group { seen.insert(name) }
            #expect(seen == ["room", "read"])
        }
    }

    @Test("Finishing lets everybody go and drops the rest")
    func finish() async {
        let outbox = SessionOutbox(capacity: 1)
        outbox.append(.text("a"))
        async let room: Void = outbox.waitForRoom()
        outbox.finish()
        await room
        #expect(await outbox.next() == nil)
        outbox.append(.text("b"))
        #expect(await outbox.next() == nil)
    }

    @Test("Cancelling lets a reader and a producer go")
    func cancellation() async {
        let outbox = SessionOutbox(capacity: 1)
        let reader = Task { await outbox.next() }
        reader.cancel()
        #expect(await reader.value == nil)
        outbox.append(.text("a"))
        let producer = Task { await outbox.waitForRoom() }
        producer.cancel()
        await producer.value
        #expect(await outbox.next() == .text("a"))
    }
}
