import Testing

@testable import InterhumanLocalService

@Suite("The session's timeline")
struct SessionTimelineTests {
    private func times(_ items: [(begin: Bool, time: Double)], duration: Double = 1) -> [Double] {
        var timeline = SessionTimeline()
        return items.map { item in
            if item.begin { timeline.beginStream() }
            return timeline.place(containerTime: item.time, duration: duration).time
        }
    }

    @Test("A container from zero keeps its times, down to Matroska's first 7 ms")
    func fromZero() {
        #expect(times([(true, 0.007), (false, 1.007), (false, 2.007)]) == [0.007, 1.007, 2.007])
    }

    @Test("A container that begins late is put at zero")
    func late() {
        #expect(times([(true, 100), (false, 101)]) == [0, 1])
    }

    @Test("A container that restarts is put after what came before")
    func restarted() {
        #expect(times([(true, 0), (false, 1), (true, 0), (false, 1)]) == [0, 1, 2, 3])
    }

    @Test("A container whose times run on keeps its place")
    func prefixed() {
        #expect(times([(true, 0), (false, 1), (true, 2), (false, 3)]) == [0, 1, 2, 3])
    }

    @Test("A hole of more than a second is told, once")
    func hole() {
        var timeline = SessionTimeline()
        let holes = [(0.0, 3.0), (3.9, 0.1), (7, 0.1), (7, 0.1)].map { item in
            timeline.place(containerTime: item.0, duration: item.1).hole
        }
        #expect(holes == [nil, nil, 4...7, nil])
        #expect(timeline.end == 7.1)
    }
}
