import Testing

@testable import InterhumanWire

@Suite struct UTF8ValidationTests {
    private func isValid(_ bytes: [UInt8]) -> Bool {
        var validator = UTF8Validator()
        return bytes.withUnsafeBytes { validator.consume($0) } && validator.isAtBoundary
    }

    /// Every one- and two-byte sequence, and every three-byte one that begins with a lead byte: the standard library
    /// is the reference.
    @Test func agreesWithTheStandardLibrary() {
        var disagreements: [[UInt8]] = []
        func check(_ bytes: [UInt8]) {
            if isValid(bytes) != (String(validating: bytes, as: UTF8.self) != nil) { disagreements.append(bytes) }
        }
        for first in UInt8.min...UInt8.max {
            check([first])
            for second in stride(from: UInt8(0), through: 254, by: 2) { check([first, second]) }
        }
        let edges: [UInt8] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
        for first in UInt8(0xC0)...0xFF {
            for second in edges {
                for third in edges {
                    check([first, second, third])
                    for fourth in edges { check([first, second, third, fourth]) }
                }
            }
        }
        #expect(disagreements == [])
    }

    @Test func everyScalarIsTakenByteByByte() {
        var rejected: [UInt32] = []
        for value in stride(from: UInt32(0), through: 0x10FFFF, by: 13) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            var validator = UTF8Validator()
            for byte in String(scalar).utf8 {
                let isAccepted = withUnsafeBytes(of: byte) { validator.consume($0) }
                if !isAccepted { rejected.append(value) }
            }
            if !validator.isAtBoundary { rejected.append(value) }
        }
        #expect(rejected == [])
    }

    /// The validator stops at the first byte that can't continue any text, whatever lies before it and however it is
    /// aligned.
    @Test(arguments: 0...70) func badByteBehindASCIIIsFound(count: Int) {
        let ascii = [UInt8](repeating: 0x61, count: count)
        #expect(isValid(ascii))
        #expect(!isValid(ascii + [0xFF]))
        #expect(!isValid(ascii + [0xFF] + ascii))
        #expect(isValid(ascii + [0xC3, 0xA9] + ascii))
    }

    @Test func failsBeforeTheCharacterIsComplete() {
        var validator = UTF8Validator()
        // ED A0 begins a surrogate: wrong at the second byte of three.
        #expect([UInt8(0xED)].withUnsafeBytes { validator.consume($0) })
        #expect(![UInt8(0xA0)].withUnsafeBytes { validator.consume($0) })
    }
}
