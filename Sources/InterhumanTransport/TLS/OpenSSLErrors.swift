import CInterhumanOpenSSL

/// OpenSSL's error queue of the calling thread.
enum OpenSSLErrors {
    /// Takes the whole queue, oldest first, as text; empty when there is none.
    static func drain() -> String {
        var lines: [String] = []
        while true {
            var data: UnsafePointer<CChar>?
            var flags: Int32 = 0
            let code = ERR_get_error_all(nil, nil, nil, &data, &flags)
            guard code != 0 else { break }
            var text = [CChar](repeating: 0, count: 256)
            ERR_error_string_n(code, &text, text.count)
            var line = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if flags & ERR_TXT_STRING != 0, let data, data.pointee != 0 {
                line += " (\(String(cString: data)))"
            }
            lines.append(line)
        }
        return lines.joined(separator: "; ")
    }
}
