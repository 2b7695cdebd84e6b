import InterhumanCore
import InterhumanSession

/// Segment, sound, queue, network, engagement and quality, one a line.
struct FiguresPanel {
    let state: ViewState
    let now: Double
    let isCompact: Bool

    private var labelWidth: Int { isCompact ? 8 : 12 }
    /// Columns of the figure behind a bar, so that all bars are equally long.
    private var figureWidth: Int { isCompact ? 9 : 11 }

    func draw(in area: ScreenArea, on canvas: inout Canvas) {
        var row = 0
        for line in lines(area.rows) {
            if let line { draw(line, in: area.line(row), on: &canvas) }
            row += 1
        }
    }

    private enum Line {
        case segment, sound, queue, network, engagement, quality, clarity, authority, energy, rapport, learning
    }

    /// What goes on so many lines; nil for a blank one.
    private func lines(_ count: Int) -> [Line?] {
        let scores: [Line?] = [.quality, .clarity, .authority, .energy, .rapport, .learning]
        let lines: [Line?] =
            switch count {
            case 13...: [.segment, .sound, .queue, .network, nil, .engagement, nil] + scores
            case 11...: [.segment, .sound, .queue, .network, .engagement] + scores
            case 6...: [.segment, .sound, .queue, .network, .engagement, .quality]
            default: [.segment, .sound, .engagement, .queue]
            }
        return Array(lines.prefix(count))
    }

    private func draw(_ line: Line, in area: ScreenArea, on canvas: inout Canvas) {
        guard area.rows > 0 else { return }
        canvas.write(
            label(line), column: area.column, row: area.row, width: min(labelWidth, area.columns),
            style: line == .quality ? Theme.heading : Theme.secondary)
        let value = ScreenArea(
            column: area.column + labelWidth, row: area.row, columns: area.columns - labelWidth, rows: 1)
        switch line {
        case .segment: drawSegment(in: value, on: &canvas)
        case .sound: drawSound(in: value, on: &canvas)
        case .queue: drawQueue(in: value, on: &canvas)
        case .network: drawNetwork(in: value, on: &canvas)
        case .engagement: drawEngagement(in: value, on: &canvas)
        case .quality: drawScore(state.quality?.qualityIndex, isIndex: true, in: value, on: &canvas)
        case .clarity: drawScore(state.quality?.clarity, in: value, on: &canvas)
        case .authority: drawScore(state.quality?.authority, in: value, on: &canvas)
        case .energy: drawScore(state.quality?.energy, in: value, on: &canvas)
        case .rapport: drawScore(state.quality?.rapport, in: value, on: &canvas)
        case .learning: drawScore(state.quality?.learning, in: value, on: &canvas)
        }
    }

    private func label(_ line: Line) -> String {
        switch line {
        case .segment: "Segment"
        case .sound: "Sound"
        case .queue: "Queue"
        case .network: "Network"
        case .engagement: isCompact ? "Engaged" : "Engagement"
        case .quality: "Quality"
        case .clarity: "  clarity"
        case .authority: "  authority"
        case .energy: "  energy"
        case .rapport: "  rapport"
        case .learning: "  learning"
        }
    }

    // MARK: Values

    /// Writes the figure behind a bar; gives the bar's columns.
    private func writeFigure(
        _ text: String, in area: ScreenArea, style: CellStyle = .plain, on canvas: inout Canvas
    ) -> Int {
        canvas.writeRight(text, in: area, style: style)
        return max(0, area.columns - max(figureWidth, DisplayText.width(of: text) + 1) - 1)
    }

    private func drawSegment(in area: ScreenArea, on canvas: inout Canvas) {
        let length = state.segmentLength
        let done = state.captured.truncatingRemainder(dividingBy: length)
        let whole = length.rounded() == length ? Figures.whole(length) : Figures.tenths(length)
        let text = isCompact ? "\(Figures.tenths(done))/\(whole) s" : "\(Figures.tenths(done)) of \(whole) s"
        let width = writeFigure(text, in: area, on: &canvas)
        canvas.drawBar(
            column: area.column, row: area.row, width: width, fraction: done / length, color: Theme.accent)
    }

    private func drawSound(in area: ScreenArea, on canvas: inout Canvas) {
        guard let meter = state.meter else {
            let hasNone = state.sources.map { $0.audio == nil } ?? false
            canvas.write(
                hasNone ? "none is sent" : "none yet", column: area.column, row: area.row, width: area.columns,
                style: Theme.secondary)
            return
        }
        let level = meter.level <= SoundLevel.floor ? "-∞" : Figures.whole(meter.level)
        let text = meter.isClipping ? "clips" : isCompact ? "\(level) dB" : "\(level) dBFS"
        let width = writeFigure(
            text, in: area, style: meter.isClipping ? CellStyle(Theme.bad, isBold: true) : .plain, on: &canvas)
        let filled = Canvas.columns(of: fraction(meter.level), width)
        for index in 0..<width {
            let isFilled = index < filled
            canvas.write(
                isFilled ? "━" : "─", column: area.column + index, row: area.row,
                style: isFilled ? CellStyle(color(at: Double(index) / Double(width))) : Theme.secondary)
        }
        let peak = Canvas.columns(of: fraction(meter.peak), width) - 1
        guard peak >= filled else { return }
        canvas.write(
            "┃", column: area.column + peak, row: area.row,
            style: CellStyle(color(at: Double(peak) / Double(width))))
    }

    /// The bar shows 60 dB.
    private func fraction(_ level: Double) -> Double { (level + 60) / 60 }

    private func color(at fraction: Double) -> TerminalColor {
        switch fraction {
        case ..<0.7: Theme.good
        case ..<0.9: Theme.middling
        default: Theme.bad
        }
    }

    private func drawQueue(in area: ScreenArea, on canvas: inout Canvas) {
        guard let statistics = state.statistics, statistics.segmentsWaiting > 0 else {
            let text = state.statistics == nil ? "–" : "empty"
            canvas.write(text, column: area.column, row: area.row, width: area.columns, style: Theme.secondary)
            return
        }
        let age = statistics.queueAge.inSeconds
        let color = age > 15 ? Theme.bad : age > 6 ? Theme.middling : nil
        let count = statistics.segmentsWaiting
        let text =
            isCompact
            ? "\(count), \(Figures.bytes(statistics.bytesWaiting)), \(Figures.seconds(age))"
            : "\(count) segment\(count == 1 ? "" : "s"), \(Figures.bytes(statistics.bytesWaiting)), "
                + Figures.seconds(age)
        canvas.write(text, column: area.column, row: area.row, width: area.columns, style: CellStyle(color))
    }

    private func drawNetwork(in area: ScreenArea, on canvas: inout Canvas) {
        guard let statistics = state.statistics else {
            canvas.write("–", column: area.column, row: area.row, width: area.columns, style: Theme.secondary)
            return
        }
        let trip = statistics.roundTrip.map { "RTT \(Figures.whole($0.inSeconds * 1000)) ms, " } ?? ""
        canvas.write(
            "\(trip)\(Figures.bytes(statistics.bytesSent)) sent", column: area.column, row: area.row,
            width: area.columns)
    }

    /// The last minute, oldest on the left: how high says which state.
    private func drawEngagement(in area: ScreenArea, on canvas: inout Canvas) {
        guard let last = state.attention.last else {
            canvas.write(
                "no result yet", column: area.column, row: area.row, width: area.columns, style: Theme.secondary)
            return
        }
        let name = DisplayText.parts(of: last.state.rawValue, isUnicode: canvas.isUnicode).prefix(10).map(\.text)
            .joined()
        let style = CellStyle(Theme.color(of: last.state), isBold: true)
        let width = writeFigure(name, in: area, style: style, on: &canvas)
        let end = state.stopped ?? now
        for index in 0..<width {
            let time = end - 60 * Double(width - 1 - index) / Double(width)
            let then = state.attention.last { $0.since <= time }
            canvas.write(
                then.map { bar($0.state) } ?? "─", column: area.column + index, row: area.row,
                style: then.map { CellStyle(Theme.color(of: $0.state)) } ?? Theme.secondary)
        }
    }

    private func bar(_ state: EngagementState) -> String {
        switch state {
        case .engaged: "▇"
        case .neutral: "▅"
        case .disengaged: "▂"
        case .unknown: "·"
        }
    }

    private func drawScore(_ score: Double?, isIndex: Bool = false, in area: ScreenArea, on canvas: inout Canvas) {
        guard let score else {
            canvas.write("–", column: area.column, row: area.row, width: area.columns, style: Theme.secondary)
            return
        }
        let number = Figures.whole(min(max(score, 0), 100))
        let width = writeFigure(number, in: area, style: isIndex ? Theme.heading : .plain, on: &canvas)
        canvas.drawBar(
            column: area.column, row: area.row, width: width, fraction: score / 100,
            color: isIndex ? Theme.accent : Theme.accent.mixed(with: TerminalColor(128, 128, 128), 0.45))
    }
}
