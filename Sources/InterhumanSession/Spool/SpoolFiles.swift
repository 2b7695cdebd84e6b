#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The files of a spool: `<first id>.spool`, appended to and deleted oldest first, and a lock. Blocks.
struct SpoolFiles: ~Copyable {
    private struct File {
        var name: String
        var byteCount: Int
        /// Segments in it that are still wanted.
        var wanted: Set<UInt64> = []
    }

    private let directory: String
    private let maximumBytes: Int
    private let flushesToDevice: Bool
    private let lock: SpoolDescriptor
    private var files: [File] = []
    /// Which file each wanted segment is in, by its name.
    private var places: [UInt64: String] = [:]
    private var descriptor = SpoolDescriptor(-1)
    /// `write(2)`, or what a test puts in its place.
    private let writeFile: @Sendable (Int32, UnsafeRawBufferPointer) -> Int

    /// Makes the directory where it is missing, and locks it.
    init(
        directory: String, maximumBytes: Int, flushesToDevice: Bool,
        write: @escaping @Sendable (Int32, UnsafeRawBufferPointer) -> Int = SpoolFiles.systemWrite
    ) throws(SpoolError) {
        lock = try Self.lock(directory)
        writeFile = write
        self.directory = directory
        self.maximumBytes = maximumBytes
        self.flushesToDevice = flushesToDevice
    }

    private static func lock(_ directory: String) throws(SpoolError) -> SpoolDescriptor {
        var parent = directory.hasPrefix("/") ? "/" : ""
        for component in directory.split(separator: "/") {
            parent += component + "/"
            guard mkdir(parent, 0o700) == 0 || errno == EEXIST else { throw failure("make the directory \(parent)") }
        }
        let lock = SpoolDescriptor(retrying { open("\(directory)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600) })
        let number = lock.number
        guard lock.isOpen else { throw failure("lock the directory \(directory)") }
        guard retrying({ flock(number, LOCK_EX | LOCK_NB) }) == 0 else {
            throw SpoolError(
                .busy, operation: "open the spool \(directory)",
                message: "Another process uses it. Give each process a directory of its own.")
        }
        return lock
    }

    /// Reads what earlier processes left. A record that a process died in ends its file.
    mutating func recover() throws(SpoolError) -> [SpooledSegment] {
        var entries: [UInt64: SpooledSegment] = [:]
        for name in try names() {
            let bytes = try contents(of: name)
            var file = File(name: name, byteCount: bytes.count)
            var rest = bytes[...]
            while let record = SpoolRecord.read(from: &rest) {
                switch record.kind {
                case .segment:
                    guard let entry = record.segment else { continue }
                    entries[record.id] = entry
                    file.wanted.insert(record.id)
                    places[record.id] = name
                case .sending: entries[record.id]?.wasBeingSent = true
                case .waiting: entries[record.id]?.wasBeingSent = false
                case .removed: entries[record.id] = nil
                }
            }
            files.append(file)
        }
        for index in files.indices { files[index].wanted.formIntersection(entries.keys) }
        places = places.filter { entries[$0.key] != nil }
        try deleteUnwanted(keepingLast: false)
        return entries.values.sorted { $0.id < $1.id }
    }

    /// Appends a record. One that can't be written leaves nothing behind; a segment whose removal can't be noted is not
    /// wanted all the same.
    mutating func append(_ record: SpoolRecord) throws(SpoolError) {
        let bytes = record.encoded
        if record.kind == .segment {
            // Marks are small and make room: they are never refused.
            guard byteCount + bytes.count <= maximumBytes else {
                throw SpoolError(
                    .full, operation: "keep a segment in \(directory)",
                    message: "The spool's limit of \(maximumBytes) bytes is reached. Give it more, or a faster uplink.")
            }
        }
        guard record.kind == .removed else { return try keep(bytes, of: record) }
        do throws(SpoolError) {
            try keep(bytes, of: record)
        } catch {
            try forget(record.id)
            throw error
        }
        try forget(record.id)
    }

    private mutating func keep(_ bytes: [UInt8], of record: SpoolRecord) throws(SpoolError) {
        try openFile(for: record.id)
        let last = files.count - 1
        do throws(SpoolError) {
            try write(bytes)
            if flushesToDevice, fdatasync(descriptor.number) != 0 { throw Self.failure("flush \(files[last].name)") }
        } catch {
            // Half a record ends its file for whoever reads it: nothing may come after it.
            if ftruncate(descriptor.number, off_t(files[last].byteCount)) != 0 { descriptor = SpoolDescriptor(-1) }
            throw error
        }
        files[last].byteCount += bytes.count
        guard record.kind == .segment else { return }
        files[last].wanted.insert(record.id)
        places[record.id] = files[last].name
    }

    private mutating func forget(_ id: UInt64) throws(SpoolError) {
        guard let place = places.removeValue(forKey: id), let index = files.firstIndex(where: { $0.name == place })
        else { return }
        files[index].wanted.remove(id)
        try deleteUnwanted(keepingLast: true)
    }

    private var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

    /// A file that takes more: a fresh one when the last is large, so that old ones can be deleted.
    private mutating func openFile(for id: UInt64) throws(SpoolError) {
        if descriptor.isOpen, let last = files.last, last.byteCount < max(65_536, maximumBytes / 8) { return }
        let newest = files.compactMap { UInt64($0.name.prefix(16), radix: 16) }.max()
        let name = Self.name(newest.map { max(id, $0 &+ 1) } ?? id)
        descriptor = SpoolDescriptor(
            Self.retrying {
                open("\(directory)/\(name)", O_WRONLY | O_CREAT | O_APPEND | O_EXCL | O_CLOEXEC, 0o600)
            })
        guard descriptor.isOpen else { throw Self.failure("create \(directory)/\(name)") }
        files.append(File(name: name, byteCount: 0))
    }

    /// Only from the oldest on: a later file holds the marks of the segments in earlier ones.
    private mutating func deleteUnwanted(keepingLast: Bool) throws(SpoolError) {
        while let first = files.first, first.wanted.isEmpty, !keepingLast || files.count > 1 {
            guard unlink("\(directory)/\(first.name)") == 0 || errno == ENOENT else {
                throw Self.failure("delete \(directory)/\(first.name)")
            }
            files.removeFirst()
        }
    }

    private static func name(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits + ".spool"
    }

    /// Whether a file is one of a spool's. Others in the directory are somebody else's.
    private func isName(_ name: String) -> Bool {
        let digits = name.prefix { "0123456789abcdef".contains($0) }
        return digits.utf8.count == 16 && name.dropFirst(16) == ".spool"
    }

    private func names() throws(SpoolError) -> [String] {
        guard let stream = opendir(directory) else { throw Self.failure("read the directory \(directory)") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if isName(name) { names.append(name) }
        }
        return names.sorted()
    }

    private func contents(of name: String) throws(SpoolError) -> [UInt8] {
        let file = SpoolDescriptor(Self.retrying { open("\(directory)/\(name)", O_RDONLY | O_CLOEXEC) })
        guard file.isOpen else { throw Self.failure("open \(directory)/\(name)") }
        let number = file.number
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = buffer.withUnsafeMutableBytes { buffer in
                Self.retrying { read(number, buffer.baseAddress, buffer.count) }
            }
            guard count >= 0 else { throw Self.failure("read \(directory)/\(name)") }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    private func write(_ bytes: [UInt8]) throws(SpoolError) {
        let number = descriptor.number
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { piece in
                Self.retrying { writeFile(number, piece) }
            }
            guard count > 0 else { throw Self.failure("write to \(directory)") }
            offset += count
        }
    }

    static let systemWrite: @Sendable (Int32, UnsafeRawBufferPointer) -> Int = { descriptor, bytes in
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    private static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            if result != -1 || errno != EINTR { return result }
        }
    }

    private static func failure(_ operation: String) -> SpoolError {
        let code = errno
        return SpoolError(
            .system, operation: operation,
            message: "Segments can't be kept there. Choose a directory that you may write to, on a device with room.",
            underlying: "errno \(code): \(String(cString: strerror(code)))")
    }
}

/// An open file, closed when let go; −1 for none.
struct SpoolDescriptor: ~Copyable {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        if number >= 0 { close(number) }
    }

    var isOpen: Bool { number >= 0 }
}
