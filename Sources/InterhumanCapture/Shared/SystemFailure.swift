#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A system call's failure: which call, which errno.
struct SystemFailure: Error, Hashable {
    /// The call or the ioctl's name: `open`, `VIDIOC_S_FMT`.
    var call: String
    /// A positive errno.
    var code: Int32

    /// "VIDIOC_S_FMT: Device or resource busy (errno 16)".
    var description: String {
        "\(call): \(Self.text(of: code)) (errno \(code))"
    }

    private static func text(of code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        return strerror_r(code, &buffer, buffer.count) == 0
            ? String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            : "unknown error"
    }
}
