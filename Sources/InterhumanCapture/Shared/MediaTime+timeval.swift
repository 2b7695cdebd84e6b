import CInterhumanPulse
import CInterhumanV4L2
import InterhumanCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension MediaTime {
    /// A kernel's or libpulse's time stamp.
    init(_ time: timeval) {
        self.init(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_usec) &* 1000)
    }
}
