import CTerminalGuard
import Glibc
import TerminalView

/// The terminal that this process writes to, opened once more: so it can be written to without waiting, while the
/// shell's own descriptor stays as it is.
///
/// One thread at a time uses it. While it is entered, it is put back even if the process crashes.
final class Terminal {
    let descriptor: Int32
    private var before = termios()
    private(set) var isEntered = false

    /// Alternate screen, no cursor, no wrapping at the right edge.
    private static let greeting = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[0m\u{1B}[2J"
    private static let farewell = "\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

    /// Opens the terminal of standard output; nil when that is none, or can't be opened.
    init?() {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        let flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        var name = [CChar](repeating: 0, count: 256)
        var opened = ttyname_r(STDOUT_FILENO, &name, name.count) == 0 ? open(name, flags) : -1
        // Its name may not be there in a container.
        if opened < 0 { opened = open("/dev/tty", flags) }
        guard opened >= 0 else { return nil }
        descriptor = opened
        guard tcgetattr(descriptor, &before) == 0 else { return nil }
    }

    deinit {
        leave()
        close(descriptor)
    }

    /// Whether this process may draw and read keys: a shell gives the terminal to one job at a time.
    var isForeground: Bool { tcgetpgrp(descriptor) == getpgrp() }

    /// How large it is; 80x24 where it doesn't say.
    var size: ScreenSize {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return ScreenSize(columns: 80, rows: 24)
        }
        return ScreenSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    /// Takes the screen: keys come at once and are not shown. Ctrl-C, Ctrl-Z, Ctrl-S and their like keep their meaning.
    /// When it is taken already, makes sure of that: a shell may have set the terminal otherwise.
    func enter() {
        let isFresh = !isEntered
        if isFresh { _ = tcgetattr(descriptor, &before) }
        var settings = before
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        withUnsafeMutableBytes(of: &settings.c_cc) { characters in
            (characters[Int(VMIN)], characters[Int(VTIME)]) = (1, 0)
        }
        isEntered = true
        _ = ih_terminal_guard_arm(descriptor, &before, Self.farewell, Self.farewell.utf8.count)
        _ = ih_terminal_set(descriptor, &settings)
        if isFresh { writeWaiting(Self.greeting) }
    }

    /// Gives the screen back as it was.
    func leave() {
        guard isEntered else { return }
        isEntered = false
        ih_terminal_resume_output(descriptor)
        writeWaiting(Self.farewell)
        _ = ih_terminal_set(descriptor, &before)
        ih_terminal_guard_disarm()
    }

    /// Writes what the terminal takes without waiting; gives what is left over, nil when it is gone.
    func write(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EINTR {
                continue
            } else {
                return errno == EAGAIN ? rest : nil
            }
        }
        return rest
    }

    /// The keys that were pressed; nil when the terminal is gone.
    func readKeys() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &bytes, bytes.count)
        if count > 0 { return Array(bytes.prefix(count)) }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? [] : nil
    }

    /// Writes a few bytes, for at most a second or so.
    private func writeWaiting(_ text: String) {
        var rest = Array(text.utf8)[...]
        for _ in 0..<5 {
            guard let left = write(rest), !left.isEmpty else { return }
            rest = left
            var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&wanted, 1, 250)
        }
    }
}
