import Foundation

/// A table of a page of the documentation that a test compares with the code.
enum DocumentedTable {
    static let advice: String = "Run the test with INTERHUMAN_UPDATE_DOCUMENTATION=1 to bring the page up to date."

    /// Reads the table that has the same head as `table`; with the environment variable, puts `table` there first.
    static func read(_ page: String, replacingWith table: String, from file: String = #filePath) throws -> String? {
        var root = URL(fileURLWithPath: file).resolvingSymlinksInPath()
        while root.lastPathComponent != "Tests", root.path != "/" { root.deleteLastPathComponent() }
        let path = root.deletingLastPathComponent().appending(path: "Documentation").appending(path: page)
        var text = try String(contentsOf: path, encoding: .utf8)
        guard let shown = find(table, in: text) else { return nil }
        guard ProcessInfo.processInfo.environment["INTERHUMAN_UPDATE_DOCUMENTATION"] == "1" else { return shown }
        text = try String(contentsOf: path, encoding: .utf8).replacingOccurrences(of: shown, with: table)
        try text.write(to: path, atomically: true, encoding: .utf8)
        return table
    }

    private static func find(_ table: String, in text: String) -> String? {
        let head = table.prefix { $0 != "\n" }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(of: head) else { return nil }
        return lines[start...].prefix { $0.hasPrefix("|") }.joined(separator: "\n")
    }
}
