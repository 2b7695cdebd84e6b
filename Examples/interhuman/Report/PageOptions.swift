import ArgumentParser

/// Pages that show a session.
struct PageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write a report of the session: one page of HTML with pictures, signals, engagement, quality and gaps on one "
                + "timeline.", valueName: "file"))
    var report: String?

    @Option(
        help: ArgumentHelp(
            "Show the session live on a web page of this machine; 0 takes a free port. The address is told on standard "
                + "error.", valueName: "port"))
    var dashboard: Int?

    func validate() throws {
        guard dashboard.map({ (0...65_535).contains($0) }) ?? true else {
            throw ValidationError("--dashboard takes a port, 0 to 65535.")
        }
    }

    /// Whether a session has to be followed for them.
    var areWanted: Bool { report != nil || dashboard != nil }
}
