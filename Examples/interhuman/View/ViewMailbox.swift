import CTerminalGuard
import Glibc
import Synchronization
import TerminalView

/// What the screen's thread has to do next. Everybody may write into it at any time without waiting; the newest state
/// counts.
final class ViewMailbox: Sendable {
    /// What was asked for since it was looked at last.
    struct Requests: Sendable {
        var isSuspended = false
        var isContinued = false
        var isResized = false
        var isClosed = false
    }

    private struct Content {
        var state: ViewState
        var isDirty = true
        var wantsPicture = true
        var requests = Requests()
        var isSignalled = false
    }

    private let content: Mutex<Content>
    /// Readable when there is news; see eventfd(2).
    let wakeup: Int32

    /// Creates a mailbox; nil when the system has no descriptor left.
    init?(_ state: ViewState) {
        wakeup = ih_wakeup_open()
        guard wakeup >= 0 else { return nil }
        content = Mutex(Content(state: state))
    }

    deinit {
        close(wakeup)
    }

    /// Changes the state.
    func update(_ change: (inout ViewState) -> Void) {
        let isNews = content.withLock { content in
            change(&content.state)
            return Self.mark(&content) { $0.isDirty = true }
        }
        if isNews { wake() }
    }

    /// Asks for something.
    func request(_ change: (inout Requests) -> Void) {
        let isNews = content.withLock { content in
            Self.mark(&content) { change(&$0.requests) }
        }
        if isNews { wake() }
    }

    /// Whether another picture would be seen: the last one is on the screen.
    var wantsPicture: Bool { content.withLock { $0.wantsPicture } }

    /// Gives a picture to show.
    func show(_ change: (inout ViewState) -> Void) {
        content.withLock { $0.wantsPicture = false }
        update(change)
    }

    // MARK: The screen's thread

    /// What was asked for.
    func takeRequests() -> Requests {
        var count: UInt64 = 0
        _ = read(wakeup, &count, 8)
        return content.withLock { content in
            content.isSignalled = false
            defer { content.requests = Requests() }
            return content.requests
        }
    }

    /// Whether there is something new to draw.
    var isDirty: Bool { content.withLock { $0.isDirty } }

    /// Whether the session is held up, for the keys.
    var isPaused: Bool? { content.withLock { $0.state.isPaused } }

    /// The state to draw.
    func takeState() -> ViewState {
        content.withLock { content in
            (content.isDirty, content.wantsPicture) = (false, true)
            return content.state
        }
    }

    private static func mark(_ content: inout Content, _ change: (inout Content) -> Void) -> Bool {
        change(&content)
        defer { content.isSignalled = true }
        return !content.isSignalled
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(wakeup, &one, 8)
    }
}
