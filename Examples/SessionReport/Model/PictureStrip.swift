/// Pictures along the timeline, at most ``capacity``: when it is full, every second one goes and they come half as often.
package struct PictureStrip: Sendable {
    /// Most pictures that are kept.
    package let capacity: Int
    private var interval: Double
    private var pictures: [(time: Double, jpeg: [UInt8])] = []
    private var next = -Double.infinity

    /// Creates an empty strip of at least two pictures.
    ///
    /// - Parameter interval: Seconds from one to the next in the beginning.
    package init(capacity: Int = 60, interval: Double = 2) {
        self.capacity = max(2, capacity)
        self.interval = interval
    }

    /// Whether a picture of this instant would be taken.
    package func wants(_ time: Double) -> Bool {
        time >= next
    }

    /// Takes a picture; does nothing unless it is wanted.
    package mutating func append(_ jpeg: [UInt8], at time: Double) {
        guard wants(time) else { return }
        if pictures.count == capacity {
            pictures = pictures.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
            // Pictures come with segments, so they may lie further apart than was asked for.
            let spacing = (pictures[pictures.count - 1].time - pictures[0].time) / Double(pictures.count - 1)
            interval = max(2 * interval, spacing - 0.05)
            // The grid is coarser now: this picture may come too early for it.
            next = (pictures.last?.time ?? -.infinity) + interval
            guard wants(time) else { return }
        }
        pictures.append((time, jpeg))
        next = time + interval
    }

    /// The pictures, each until the next.
    func pictures(until end: Double) -> [Timeline.Picture] {
        pictures.indices.map { index in
            let (time, jpeg) = pictures[index]
            let next = index + 1 < pictures.count ? pictures[index + 1].time : min(end, time + 1.5 * interval)
            // A hole in what was sent has no picture.
            return Timeline.Picture(time: time, end: max(time, min(next, time + 4 * interval)), jpeg: jpeg)
        }
    }
}
