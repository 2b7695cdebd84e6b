import CTerminalGuard
import Dispatch
import Glibc
import Interhuman
import TerminalView

/// What a key asks the session to do.
enum ViewKey: Sendable {
    /// Finish in order; stop at once when that is under way.
    case finish
    case pause
    case resume
}

/// Draws the newest state on the terminal and reads its keys, on a thread of its own: at most 15 times a second, only
/// when there is something new, and never held up by a terminal that takes nothing.
final class ViewScreen {
    private let terminal: Terminal
    private let mailbox: ViewMailbox
    private let renderer: ViewRenderer
    private let painter: FramePainter
    private let onKey: (ViewKey) -> Void

    /// What the terminal shows once `unsent` is out; nil when that is not known.
    private var shown: Canvas?
    private var unsent: ArraySlice<UInt8> = []
    private var size: ScreenSize
    private var nextPaint = 0.0
    /// Whether the terminal went away.
    private var isGone = false
    private static let interval = 1.0 / 15

    init(terminal: Terminal, mailbox: ViewMailbox, profile: TerminalProfile, onKey: @escaping (ViewKey) -> Void) {
        (self.terminal, self.mailbox, self.onKey) = (terminal, mailbox, onKey)
        renderer = ViewRenderer(profile)
        painter = FramePainter(profile.depth)
        size = terminal.size
    }

    /// Runs until it is asked to end; then the terminal is as it was before.
    func run() {
        let signals = Self.followSignals(mailbox)
        defer { for signal in signals { signal.cancel() } }
        terminal.enter()
        while true {
            let requests = mailbox.takeRequests()
            if requests.isClosed { break }
            obey(requests)
            paintIfDue()
            wait()
        }
        terminal.leave()
    }

    private func obey(_ requests: ViewMailbox.Requests) {
        if requests.isSuspended {
            terminal.leave()
            ih_terminal_stop()
        }
        if requests.isSuspended || requests.isContinued {
            // In the background the screen belongs to others.
            if terminal.isForeground { takeOver() } else { terminal.leave() }
        }
        if requests.isResized {
            size = terminal.size
            shown = nil
            mailbox.update { _ in }
        }
    }

    /// Whatever was on the screen meanwhile, and however large it is now: everything is drawn anew.
    private func takeOver() {
        terminal.enter()
        size = terminal.size
        (shown, unsent) = (nil, [])
        mailbox.update { _ in }
    }

    private var isDrawing: Bool { terminal.isEntered && !isGone }

    private var now: Double { SystemClock().now.seconds }

    private func paintIfDue() {
        guard isDrawing, unsent.isEmpty, mailbox.isDirty, now >= nextPaint else { return }
        let canvas = renderer.render(mailbox.takeState(), size: size, at: now)
        unsent = Array(painter.sequence(from: shown, to: canvas).utf8)[...]
        shown = canvas
        nextPaint = now + Self.interval
        send()
    }

    private func send() {
        guard !unsent.isEmpty else { return }
        if let rest = terminal.write(unsent) { unsent = rest } else { isGone = true }
    }

    /// Waits for news, keys, room in the terminal, or the time of the next picture.
    private func wait() {
        var waits = [
            pollfd(fd: mailbox.wakeup, events: Int16(POLLIN), revents: 0),
            pollfd(
                fd: isDrawing ? terminal.descriptor : -1,
                events: Int16(POLLIN) | (unsent.isEmpty ? 0 : Int16(POLLOUT)), revents: 0),
        ]
        let isWaitingForTurn = isDrawing && unsent.isEmpty && mailbox.isDirty
        let timeout = isWaitingForTurn ? Int32(max(0, (nextPaint - now) * 1000).rounded(.up)) : -1
        guard poll(&waits, 2, timeout) > 0 else { return }
        let happened = waits[1].revents
        if happened & Int16(POLLOUT) != 0 { send() }
        if happened & Int16(POLLIN) != 0 { readKeys() }
        if happened & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { isGone = true }
    }

    private func readKeys() {
        guard let keys = terminal.readKeys() else {
            isGone = true
            return
        }
        for key in TypedKeys.plain(keys) {
            switch key {
            case "q", "Q": onKey(.finish)
            case "p", "P", " ":
                if let isPaused = mailbox.isPaused { onKey(isPaused ? .resume : .pause) }
            case "?", "h": mailbox.update { $0.toggleHelp() }
            default: break
            }
        }
    }

    /// What the terminal and the shell tell by signals, as long as the sources live.
    private static func followSignals(_ mailbox: ViewMailbox) -> [any DispatchSourceSignal] {
        let queue = DispatchQueue(label: "interhuman.view.signals")
        let changes: [(Int32, @Sendable (inout ViewMailbox.Requests) -> Void)] = [
            (SIGWINCH, { $0.isResized = true }), (SIGTSTP, { $0.isSuspended = true }),
            (SIGCONT, { $0.isContinued = true }),
        ]
        return changes.map { number, change in
            // Ctrl-Z would stop the program before the screen is given back.
            if number == SIGTSTP { signal(number, SIG_IGN) }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { mailbox.request(change) }
            source.resume()
            return source
        }
    }
}
