import Foundation

/// A directory of a test's own, removed with this object.
package final class TemporaryDirectory: Sendable {
    /// Its path.
    package let path: String

    package init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "interhuman-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path(percentEncoded: false)
    }

    deinit {
        // Nothing can be done about a directory that can't be removed, and nothing depends on it.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Path of a file in it.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Paths of its files with an ending.
    package func files(ending: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(ending) }.map(file)
    }
}
