import Testing

@testable import InterhumanEncode

@Suite("Executor with a thread of its own", .timeLimit(.minutes(2)))
struct ThreadExecutorTests {
    private actor Counter {
        private nonisolated let executor: ThreadExecutor
        private(set) var count = 0

        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        init(_ executor: ThreadExecutor) {
            self.executor = executor
        }

        func add() {
            count += 1
        }
    }

    private func count(tasks: Int, turns: Int, on executor: ThreadExecutor) async -> Int {
        let counter = Counter(executor)
        await withTaskGroup { group in
            for _ in 0..<tasks {
                group.addTask {
                    for _ in 0..<turns { await counter.add() }
                }
            }
        }
        return await counter.count
    }

    @Test("Every job runs on the thread")
    func thread() async {
        #expect(await count(tasks: 4, turns: 500, on: ThreadExecutor(name: "ih-test")) == 2000)
    }

    @Test("Every job runs, though the system has no thread to spare")
    func withoutThread() async {
        let executor = ThreadExecutor(name: "ih-test") { _, _ in false }
        #expect(await count(tasks: 8, turns: 20_000, on: executor) == 160_000)
    }
}
