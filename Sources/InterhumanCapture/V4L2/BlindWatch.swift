import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A watch that sees no change and only waits, for when the system gives none: it needs no descriptor, which may be what
/// there is none left of.
final class BlindWatch: CameraWatch {
    /// How late it may notice ``wake()``, in milliseconds.
    private static let slice: Int32 = 50

    private let isWoken = Atomic(false)

    func wait(milliseconds: Int32) -> Bool {
        var left = milliseconds
        while milliseconds < 0 || left > 0 {
            if isWoken.exchange(false, ordering: .acquiringAndReleasing) { return false }
            _ = poll(nil, 0, milliseconds < 0 ? Self.slice : min(left, Self.slice))
            left -= milliseconds < 0 ? 0 : Self.slice
        }
        return false
    }

    func wake() {
        isWoken.store(true, ordering: .releasing)
    }

    func close() {}
}
