import Foundation

/// An executable of this build, which stands beside the test bundle.
package enum BuiltExecutable {
    /// The executable is not there.
    package struct Missing: Error, CustomStringConvertible {
        package let description: String
    }

    /// Its path.
    package static func path(of name: String) throws -> String {
        let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(filePath: bundle).deletingLastPathComponent().appending(path: name).path(percentEncoded: false)
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Missing(description: "\(path) is missing")
        }
        return path
    }
}
