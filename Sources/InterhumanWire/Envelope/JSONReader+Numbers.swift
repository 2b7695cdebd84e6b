extension JSONReader {
    /// Reads a number; one that is too large for a `Double` is infinite.
    mutating func number() throws(JSONFault) -> Double {
        guard let first = peek(), first == UInt8(ascii: "-") || Self.isDigit(first) else {
            throw .syntax(offset: position, position < bytes.count ? "an unexpected character" : "an unexpected end")
        }
        let start = position
        let isNegative = first == UInt8(ascii: "-")
        if isNegative { position &+= 1 }
        var digits = Digits()
        let leadsWithZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
        let integerDigits = try takeDigits(&digits)
        guard !leadsWithZero || integerDigits == 1 else { throw .syntax(offset: start, "a number with leading zeros") }
        if takeIf(UInt8(ascii: ".")) {
            digits.exponent = -(try takeDigits(&digits))
        }
        if takeIf(UInt8(ascii: "e")) || takeIf(UInt8(ascii: "E")) {
            digits.add(exponent: try takeExponent())
        }
        if let value = digits.exactValue { return isNegative ? -value : value }
        // Rare: many digits or a large exponent. The standard library rounds correctly and gives infinity for too much.
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        return Double(text) ?? .infinity
    }

    /// Digits as they come: exact as long as they fit 53 bits and a power of ten that a `Double` holds exactly.
    private struct Digits {
        var mantissa: UInt64 = 0
        var exponent = 0
        var isExact = true

        mutating func append(_ digit: UInt8) {
            guard mantissa < 900_719_925_474_099 else {
                isExact = false
                return
            }
            mantissa = mantissa &* 10 &+ UInt64(digit)
        }

        mutating func add(exponent more: Int) {
            let (sum, overflow) = exponent.addingReportingOverflow(more)
            exponent = sum
            isExact = isExact && !overflow
        }

        /// The value where one rounding step makes it: mantissa and power of ten are both exact.
        var exactValue: Double? {
            // The magnitude, not `abs`: a peer can make the exponent the one integer that has no absolute value.
            guard isExact, exponent.magnitude < UInt(Self.powersOfTen.count) else { return nil }
            let power = Self.powersOfTen[Int(exponent.magnitude)]
            return exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
        }

        private static let powersOfTen: [Double] = [
            1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
            1e20, 1e21, 1e22,
        ]
    }

    /// Takes one digit or more and returns how many.
    private mutating func takeDigits(_ digits: inout Digits) throws(JSONFault) -> Int {
        let start = position
        while position < bytes.count, Self.isDigit(bytes[position]) {
            digits.append(bytes[position] &- UInt8(ascii: "0"))
            position &+= 1
        }
        guard position > start else { throw .syntax(offset: position, "a digit was expected") }
        return position &- start
    }

    private mutating func takeExponent() throws(JSONFault) -> Int {
        let isNegative = takeIf(UInt8(ascii: "-"))
        if !isNegative { _ = takeIf(UInt8(ascii: "+")) }
        var digits = Digits()
        _ = try takeDigits(&digits)
        let value = digits.isExact ? Int(digits.mantissa) : .max
        return isNegative ? -value : value
    }

    private mutating func takeIf(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position &+= 1
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }

    /// Reads a number that a `Double` can hold.
    mutating func readDouble() throws(JSONFault) -> Double {
        guard let first = peek(), first == UInt8(ascii: "-") || Self.isDigit(first) else { throw mismatch("a number") }
        let value = try number()
        guard value.isFinite else { throw .shape("a number is too large") }
        return value
    }

    /// Reads a number or null.
    mutating func readOptionalDouble() throws(JSONFault) -> Double? {
        try takeNull() ? nil : try readDouble()
    }

    /// Reads an integer or null; `3.0` is one.
    mutating func readOptionalInt() throws(JSONFault) -> Int? {
        guard let value = try readOptionalDouble() else { return nil }
        guard let integer = Int(exactly: value) else { throw .shape("an integer was expected") }
        return integer
    }
}
