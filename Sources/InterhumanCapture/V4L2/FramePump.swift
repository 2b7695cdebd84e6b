import CInterhumanV4L2
import InterhumanCore

/// Makes frames of dequeued buffers: inspects, numbers and stamps them. One for a source's whole life, so that numbers
/// and times go on across restarts.
struct FramePump {
    private var stamper = FrameStamper(interval: nil)
    private var toDiscard: Int
    /// The number that frames carry.
    private var sequence: UInt64 = 0
    /// The driver's last number in the present stream.
    private var lastDriverSequence: UInt32?

    /// Lets the first `discarding` frames go.
    init(discarding: Int) {
        toDiscard = max(0, discarding)
    }

    /// A stream begins: its numbers start anew.
    mutating func begin(_ stream: CameraStream) {
        lastDriverSequence = nil
        stamper.interval = stream.interval?.duration
    }

    /// The stream was opened again.
    mutating func restart(discarding: Int) {
        toDiscard = max(0, discarding)
    }

    /// The frame in a dequeued buffer, nil for one that is let go. Takes the buffer over in any case.
    mutating func frame(
        from buffer: v4l2_buffer, of stream: CameraStream, arrival: MediaTime, _ statistics: inout CameraStatistics
    ) -> VideoFrame? {
        let index = Int(buffer.index)
        count(buffer.sequence, &statistics)
        let bytes = stream.buffers.bytes(of: index)
        let filled = UnsafeRawBufferPointer(rebasing: bytes.prefix(Int(buffer.bytesused)))
        guard
            let length = FrameInspection.pictureLength(
                flags: buffer.flags, bytes: filled, pixelFormat: stream.format.pixelFormat, layout: stream.layout)
        else {
            statistics.corrupt += 1
            stream.buffers.giveBack(index)
            return nil
        }
        guard toDiscard == 0 else {
            toDiscard -= 1
            statistics.discarded += 1
            stream.buffers.giveBack(index)
            return nil
        }
        let time = withUnsafePointer(to: buffer) { MediaTime(nanoseconds: interhuman_v4l2_time($0)) }
        let stamp = stamper.stamp(flags: buffer.flags, stamp: time, arrival: arrival)
        if stamp.isRestamped { statistics.restamped += 1 }
        return VideoFrame(
            format: stream.format, captureTime: stamp.time, duration: stream.interval?.duration, sequence: sequence,
            storage: LentFrame(takingOver: index, of: stream.buffers, length: length, layout: stream.layout))
    }

    /// Numbers on from the driver's count. A step back or none is a driver that doesn't count.
    private mutating func count(_ driverSequence: UInt32, _ statistics: inout CameraStatistics) {
        defer { lastDriverSequence = driverSequence }
        guard let last = lastDriverSequence else {
            sequence += 1
            return
        }
        let step = driverSequence &- last
        guard step > 0, step < 1 << 31 else {
            sequence += 1
            return
        }
        sequence += UInt64(step)
        statistics.droppedByDriver += UInt64(step - 1)
    }
}
