import CInterhumanOpenSSL
import FoundationEssentials
import Glibc
import Interhuman

/// The doctor's checks of everything but devices.
enum MachineChecks {
    static func findings() -> [Finding] {
        [program, clock, trust, key]
    }

    private static var program: Finding {
        .ok("program", "interhuman \(StreamSession.sdkVersion), built by Swift \(swiftVersion)")
    }

    private static var swiftVersion: String {
        #if compiler(>=6.4)
            "6.4 or newer"
        #elseif compiler(>=6.3)
            "6.3"
        #elseif compiler(>=6.2)
            "6.2"
        #else
            "6.1"
        #endif
    }

    /// A clock that is behind this very program: that of a board without a battery, before it has reached a time server.
    private static var clock: Finding {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let attributes = path.flatMap { try? FileManager.default.attributesOfItem(atPath: $0) }
        let early = (attributes?[.modificationDate] as? Date).map { $0.timeIntervalSinceNow } ?? 0
        guard early > 0 else {
            return .ok("clock", "not before this program was built")
        }
        return .problem(
            "clock", "It is \(Int(early / 60)) min before this program was built.",
            "Set it (sudo timedatectl set-ntp true): with a wrong clock no certificate is valid.")
    }

    /// Where OpenSSL looks for authorities.
    private static var trust: Finding {
        func place(_ variable: UnsafePointer<CChar>?, _ standard: UnsafePointer<CChar>?) -> String? {
            let set = variable.flatMap { getenv($0) }
            return (set.map { UnsafePointer($0) } ?? standard).map { String(cString: $0) }
        }
        let version = OpenSSL_version(OPENSSL_VERSION).map { String(cString: $0) } ?? "OpenSSL"
        let places = [
            place(X509_get_default_cert_file_env(), X509_get_default_cert_file()),
            place(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()),
        ].compactMap(\.self)
        let found = places.filter { FileCheck.holdsSomething($0) }
        guard found.isEmpty else {
            return .ok("trust store", "\(version), authorities in \(found.joined(separator: ", "))")
        }
        return .problem(
            "trust store", "\(version) finds no authorities in \(places.joined(separator: " or ")).",
            "Install ca-certificates, or point SSL_CERT_FILE to a bundle; otherwise no wss:// service is trusted.")
    }

    private static var key: Finding {
        let isSet = getenv("INTERHUMAN_API_KEY").map { strspn($0, " \t\r\n") < strlen($0) } ?? false
        return isSet
            ? .ok("API key", "INTERHUMAN_API_KEY is set")
            : .problem(
                "API key", "INTERHUMAN_API_KEY is not set.",
                "Export it with the key of your Interhuman account; the local service takes any value.")
    }
}
