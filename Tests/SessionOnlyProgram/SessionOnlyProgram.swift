import InterhumanCore
import InterhumanSession
import InterhumanTesting

/// A program on `InterhumanSession`, `InterhumanCore` and `InterhumanTesting` alone, so that `LinkageTests` can look at
/// what it links. It names a type of each, lest the linker leave one out.
@main
enum SessionOnlyProgram {
    static func main() {
        print(StreamSession.self, MediaTime.zero, ManualClock.self)
    }
}
