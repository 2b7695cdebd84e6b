/// Text of the service, of a device, of a file, made fit to be shown: bounded, and without what would rearrange or hide
/// the text around it.
package enum PlainText {
    /// Longest text that a report keeps, in Unicode scalars.
    package static let longest = 600

    /// Cuts a text and replaces control characters, bidirectional controls and what HTML does not allow.
    package static func clean(_ text: String, atMost limit: Int = longest) -> String {
        var scalars = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < limit else {
                scalars.append("…")
                break
            }
            count += 1
            scalars.append(replacement(of: scalar))
        }
        return String(scalars)
    }

    /// Replaces the same in a text of several lines, which stays as long as it is.
    package static func lines(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\n" ? $0 : replacement(of: $0) }))
    }

    private static func replacement(of scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x2028, 0x2029: " "
        // Controls, and the bidirectional ones: U+061C, U+200E and so on (Unicode TR9, 2).
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: "\u{FFFD}"
        // Noncharacters, which HTML doesn't allow.
        case 0xFDD0...0xFDEF: "\u{FFFD}"
        case let value where value & 0xFFFE == 0xFFFE: "\u{FFFD}"
        default: scalar
        }
    }
}
