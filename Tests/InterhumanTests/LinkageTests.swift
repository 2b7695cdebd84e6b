import Foundation
import TestPrograms
import Testing

/// What programs link, as the dynamic linker sees it.
@Suite struct LinkageTests {
    private static let cLibraries = [
        "libssl", "libcrypto", "libavformat", "libavcodec", "libavutil", "libswscale", "libswresample", "libv4l",
        "libpulse",
    ]

    @Test func aSessionOfOnesOwnPortsLinksNoCLibrary() async throws {
        let linked = try await Self.librariesLinked(by: "SessionOnlyProgram")
        #expect(!linked.isEmpty)
        for library in Self.cLibraries {
            #expect(!linked.contains { $0.hasPrefix(library) }, "\(library) is linked")
        }
    }

    /// The same look at a program that uses everything, so that the test above could fail.
    @Test func theCommandLinksEveryCLibrary() async throws {
        let linked = try await Self.librariesLinked(by: "interhuman")
        for library in Self.cLibraries {
            #expect(linked.contains { $0.hasPrefix(library) }, "\(library) is not linked")
        }
    }

    /// Names of the shared libraries that a program of this build links.
    private static func librariesLinked(by program: String) async throws -> [String] {
        let result = try await FinishedProgram.run("/usr/bin/ldd", [try BuiltExecutable.path(of: program)])
        #expect(result.status == 0)
        return result.output.split(separator: "\n").compactMap { line in
            line.split(whereSeparator: \.isWhitespace).first.map(String.init)
        }
    }
}
