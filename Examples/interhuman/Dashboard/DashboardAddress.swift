import Glibc

/// Where the dashboard is: who doesn't know the token gets nothing. A page of another origin can guess port and path, but
/// not 128 random bits.
struct DashboardAddress: Sendable {
    /// Thirty-two hexadecimal digits.
    let token: String

    /// A new token; for a fixed port the one of the run before, so that a browser finds the program again when it is
    /// restarted.
    init(port: Int) {
        let path = port == 0 ? nil : Self.directory.map { "\($0)/dashboard-\(port)" }
        if let path, let kept = Self.read(path) {
            token = kept
            return
        }
        var random = SystemRandomNumberGenerator()
        token = (0..<16).map { _ in Self.hexadecimal(UInt8.random(in: 0...255, using: &random)) }.joined()
        // Without a place for it the next run has another address, and is told anew.
        if let path, let directory = Self.directory {
            mkdir(directory, 0o700)
            try? PrivateFile.replace(path, with: token)
        }
    }

    /// Whether a request's target begins with the token; gives the rest of it. Takes the same time wherever they differ.
    func resource(of target: String) -> Substring? {
        let path = target.prefix { $0 != "?" }
        guard path.first == "/", path.utf8.count > token.utf8.count + 1 else { return nil }
        let given = path.dropFirst().prefix(token.count)
        let difference = zip(given.utf8, token.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
        let rest = path.dropFirst(token.count + 1)
        guard difference == 0, given.utf8.count == token.utf8.count, rest.first == "/" else { return nil }
        return rest.dropFirst()
    }

    /// A directory of this user's alone.
    private static var directory: String? {
        func value(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        if let runtime = value("XDG_RUNTIME_DIR") { return runtime + "/interhuman" }
        if let state = value("XDG_STATE_HOME") { return state + "/interhuman" }
        return nil
    }

    private static func read(_ path: String) -> String? {
        guard let bytes = try? RegularFile.contents(path, limit: 64), bytes.count == 32,
            bytes.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
