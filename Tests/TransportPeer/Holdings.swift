import CTransportPeer
import Glibc
import InterhumanCore

/// What a process holds.
struct Holdings: Encodable {
    var descriptors: Int
    var threads: Int
    /// Bytes that `malloc` has given out.
    var heap: Int
    /// Resident bytes.
    var resident: Int

    /// Of this process.
    static func now() throws -> Holdings {
        Holdings(
            descriptors: try count("/proc/self/fd"), threads: try count("/proc/self/task"),
            heap: trimmedHeapByteCount(), resident: residentBytes())
    }

    private static func count(_ path: String) throws -> Int {
        guard let directory = opendir(path) else {
            throw ConnectionError(.system, operation: "list \(path)", message: "It can't be read.")
        }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return count
    }

    private static func residentBytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 128)
        guard fgets(&text, 128, file) != nil else { return 0 }
        let fields = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(getpagesize())
    }
}
