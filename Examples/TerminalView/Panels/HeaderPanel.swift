import InterhumanCore
import InterhumanSession

/// The first line: how the session is, what is streamed, for how long.
struct HeaderPanel {
    let state: ViewState
    let now: Double
    let isCompact: Bool

    func draw(in area: ScreenArea, on canvas: inout Canvas) {
        let (mark, label, color) = connection
        var column = canvas.write(" \(mark) ", column: area.column, row: area.row, style: CellStyle(color))
        let clock = state.began.map { Figures.clock((state.stopped ?? now) - $0) } ?? ""
        let room = canvas.writeRight(clock + " ", in: area, style: Theme.heading) - 1
        column += canvas.write(
            label, column: column, row: area.row, width: room - column, style: CellStyle(color, isBold: true))
        if let step = state.adaptation {
            let text = "  down to \(Figures.whole(step.level.bitRate * 100)) % bit rate"
            column += canvas.write(
                text, column: column, row: area.row, width: room - column, style: CellStyle(Theme.middling))
        }
        guard !isCompact, let sources = state.sources, room - column > 12 else { return }
        let text = [sources.video, sources.audio].compactMap(\.self).joined(separator: " · ")
        canvas.write("   " + text, column: column, row: area.row, width: room - column, style: Theme.secondary)
    }

    private var connection: (mark: String, label: String, color: TerminalColor) {
        switch state.phase {
        case .connecting: ("◌", "connecting", Theme.middling)
        case .live: ("●", "live", Theme.good)
        case .reconnecting(let attempt, let due):
            (
                "↻",
                due > now
                    ? "reconnecting in \(Figures.whole((due - now).rounded(.up))) s"
                    : "reconnecting, attempt \(attempt)",
                Theme.bad
            )
        case .paused: ("‖", "paused", Theme.middling)
        case .finishing: ("◌", "finishing", Theme.accent)
        case .ended: ("○", "ended", Theme.accent)
        }
    }
}

/// The last line: what the keys do.
struct FooterPanel {
    let state: ViewState

    func draw(in area: ScreenArea, on canvas: inout Canvas) {
        guard area.rows > 0 else { return }
        var keys = [("q", state.phase == .finishing ? "stop at once" : "finish")]
        if let isPaused = state.isPaused { keys.append(("p", isPaused ? "resume" : "pause")) }
        keys.append(("?", "help"))
        var column = 1
        for (key, action) in keys {
            column += canvas.write(
                key, column: column, row: area.row, width: area.columns - column, style: Theme.heading)
            column += canvas.write(
                " \(action)   ", column: column, row: area.row, width: area.columns - column, style: Theme.secondary)
        }
    }
}

/// What the keys do and the marks mean, over everything else.
struct HelpPanel {
    private static let lines = [
        "q, Ctrl-C   finish in order; again: stop at once",
        "p           pause, and go on",
        "Ctrl-Z      leave it for a while; fg comes back",
        "?           this help",
        "",
        "●           a signal that is there",
        "○           one that is over, fading",
        "Segment     of the message that is being made",
        "Sound       loudness, peak held (dBFS)",
        "Queue       what waits for the network, how long",
        "Network     round trip time, bytes sent",
        "Engagement  of the last minute; high is engaged",
    ]

    func draw(on canvas: inout Canvas) {
        let width = min(canvas.size.columns, 54)
        let height = min(canvas.size.rows, Self.lines.count + 2)
        let area = ScreenArea(
            column: (canvas.size.columns - width) / 2, row: (canvas.size.rows - height) / 2, columns: width,
            rows: height)
        canvas.fill(area, with: Cell(text: " ", style: CellStyle(isReversed: true), width: 1))
        for (index, line) in Self.lines.prefix(max(0, height - 2)).enumerated() {
            canvas.write(
                line, column: area.column + 2, row: area.row + 1 + index, width: width - 4,
                style: CellStyle(isReversed: true))
        }
    }
}
