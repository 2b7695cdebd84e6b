import CInterhumanFFmpeg
import Glibc
import InterhumanCore

/// Adds up what the segment in progress took and became.
struct SegmentMeter {
    private var statistics: SegmentStatistics
    private(set) var videoBytes = 0
    private(set) var audioBytes = 0
    private var largestPicture = 0
    private var squaredError: UInt64 = 0
    private var measuredPixels = 0
    private(set) var packetCount = 0

    /// Begins a segment of which rate control makes so many bits a second of video.
    init(targetVideoBitRate: Int) {
        statistics = SegmentStatistics(targetVideoBitRate: targetVideoBitRate)
    }

    /// Says that rate control aims at another rate from now on.
    mutating func aim(at targetVideoBitRate: Int) {
        statistics.targetVideoBitRate = targetVideoBitRate
    }

    /// Bytes of packets so far.
    var bytes: Int { videoBytes + audioBytes }

    /// The largest picture so far in bytes; what the next may need.
    var largestPacket: Int { largestPicture }

    /// Adds the time that a call took after it had waited.
    mutating func add(encoding time: Duration, wait: Duration, isPicture: Bool) {
        statistics.encodingTime += time
        statistics.longestWait = max(statistics.longestWait, wait)
        if isPicture { statistics.longestPictureTime = max(statistics.longestPictureTime, time) }
    }

    /// Adds a packet that goes into the segment.
    mutating func add(_ packet: EncodedPacket) {
        packetCount += 1
        guard packet.track == .video else {
            audioBytes += packet.packet.byteCount
            return
        }
        videoBytes += packet.packet.byteCount
        largestPicture = max(largestPicture, packet.packet.byteCount)
        guard let shape = packet.parameters?.pointer.pointee else { return }
        (statistics.width, statistics.height) = (Int(shape.width), Int(shape.height))
        guard let error = packet.packet.squaredError else { return }
        squaredError += error
        measuredPixels += Int(shape.width) * Int(shape.height)
    }

    /// The figures of a segment that lasted `duration` seconds.
    func figures(lasting duration: Double) -> SegmentStatistics {
        var figures = statistics
        let seconds = max(duration, 0.001)
        figures.videoBitRate = Double(videoBytes * 8) / seconds
        figures.audioBitRate = Double(audioBytes * 8) / seconds
        figures.peakSignalToNoiseRatio = peakSignalToNoiseRatio
        return figures
    }

    private var peakSignalToNoiseRatio: Double? {
        guard measuredPixels > 0 else { return nil }
        // No error at all would be infinite; half a step in one pixel is as good.
        let error = max(Double(squaredError), 0.25) / Double(measuredPixels)
        return 10 * log10(255 * 255 / error)
    }
}
