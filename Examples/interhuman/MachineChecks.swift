import CInterhumanFFmpeg
import CInterhumanOpenSSL
import Glibc
import Interhuman

/// The doctor's checks of everything but devices.
enum MachineChecks {
    static func findings() async -> [Finding] {
        [program, await codecs(), trust, key]
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

    /// Opens what a session would open: only that shows that the codecs are there.
    private static func codecs() async -> Finding {
        let versions = [
            ("libavformat", avformat_version()), ("libavcodec", avcodec_version()), ("libavutil", avutil_version()),
        ].map { name, version in "\(name) \(version >> 16).\(version >> 8 & 0xFF).\(version & 0xFF)" }
        let libraries = versions.joined(separator: ", ")
        let video = VideoTrackDescription(
            format: VideoFormat(width: 320, height: 180, pixelFormat: .i420), nominalFrameRate: 30)
        let audio = AudioTrackDescription(format: AudioFormat(sampleRate: 48_000, channelCount: 1))
        do throws(EncodeError) {
            let encoder = try await FFmpegSegmentEncoderFactory().makeEncoder(video: video, audio: audio, epoch: .zero)
            await encoder.cancel()
            return .ok("codecs", "VP9 and Opus encode to WebM; \(libraries)")
        } catch {
            return .problem("codecs", "\(libraries): \(error.operation) failed.", error.message)
        }
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

/// Looks at files.
enum FileCheck {
    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Whether it is a file with content, or a directory with entries.
    static func holdsSomething(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFDIR else { return status.st_size > 0 }
        guard let handle = opendir(path) else { return false }
        defer { closedir(handle) }
        // The first two entries are the directory and its parent.
        return (0..<3).allSatisfy { _ in readdir(handle) != nil }
    }

    /// The names in a directory.
    static func names(in path: String) -> [String] {
        guard let handle = opendir(path) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names
    }

    /// "crw-rw---- root:video" in short: mode in octal, owner and group.
    static func owners(of path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return "no such file" }
        let mode = String(status.st_mode & 0o777, radix: 8)
        return "mode \(mode), user \(user(status.st_uid)), group \(group(status.st_gid))"
    }

    private static func user(_ id: uid_t) -> String {
        var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return "\(id)" }
        return String(cString: entry.pw_name)
    }

    private static func group(_ id: gid_t) -> String {
        var (entry, found) = (Glibc.group(), UnsafeMutablePointer<Glibc.group>?.none)
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getgrgid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return "\(id)" }
        return String(cString: entry.gr_name)
    }
}
