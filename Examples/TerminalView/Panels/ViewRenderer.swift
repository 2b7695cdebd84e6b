import InterhumanCore
import InterhumanSession

/// Draws a state on a screen of some size. Pure: the same state gives the same cells.
public struct ViewRenderer: Sendable {
    let profile: TerminalProfile

    /// Creates a renderer for a terminal.
    public init(_ profile: TerminalProfile) {
        self.profile = profile
    }

    /// The pixels that a picture has room for on a screen of some size: nothing larger is shown.
    public static func pictureLimits(_ size: ScreenSize) -> (width: Int, height: Int) {
        (size.columns, size.rows * 2)
    }

    /// Draws a state as it looks at an instant of the view's clock, in seconds.
    public func render(_ state: ViewState, size: ScreenSize, at now: Double) -> Canvas {
        var canvas = Canvas(size, isUnicode: profile.isUnicode)
        let layout = ViewLayout(size, aspect: aspect(of: state))
        HeaderPanel(state: state, now: now, isCompact: layout.isCompact).draw(in: layout.header, on: &canvas)
        for column in 0..<layout.rule.columns where layout.rule.rows > 0 {
            canvas.write("─", column: column, row: layout.rule.row, style: Theme.secondary)
        }
        draw(picture: state, in: layout.picture, on: &canvas)
        FiguresPanel(state: state, now: now, isCompact: layout.isCompact).draw(in: layout.figures, on: &canvas)
        SignalsPanel(state: state, now: now, profile: profile, isCompact: layout.isCompact)
            .draw(in: layout.signals, on: &canvas)
        draw(notice: state.notice, at: now, in: layout.notice, on: &canvas)
        FooterPanel(state: state).draw(in: layout.footer, on: &canvas)
        if state.isHelpShown { HelpPanel().draw(on: &canvas) }
        return canvas
    }

    /// Nil for a session that has no pictures.
    private func aspect(of state: ViewState) -> Double? {
        if let picture = state.picture { return Double(picture.width) / Double(picture.height) }
        return state.sources.map { $0.video == nil } ?? false ? nil : 16.0 / 9
    }

    private func draw(picture state: ViewState, in area: ScreenArea, on canvas: inout Canvas) {
        guard area.rows > 0 else { return }
        if let picture = state.picture { return canvas.draw(picture, in: area, depth: profile.depth) }
        let text = area.columns >= 16 ? "no picture yet" : "…"
        let left = (area.columns - DisplayText.width(of: text)) / 2
        canvas.write(
            text, column: area.column + max(0, left), row: area.row + area.rows / 2, width: area.columns,
            style: Theme.secondary)
    }

    /// A warning stands out while it is new.
    private func draw(notice: ViewState.Notice?, at now: Double, in area: ScreenArea, on canvas: inout Canvas) {
        guard area.rows > 0, let notice else { return }
        let isFresh = now - notice.at < 20
        let color = notice.isWarning ? Theme.middling : Theme.accent
        let style = CellStyle(isFresh ? color : nil, isDim: !isFresh)
        let width = canvas.write(notice.isWarning ? " ▲ " : " · ", column: 0, row: area.row, style: style)
        canvas.write(notice.text, column: width, row: area.row, width: area.columns - width - 1, style: style)
    }
}
