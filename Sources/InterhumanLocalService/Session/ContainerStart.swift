/// Whether a message begins a container.
enum ContainerStart {
    /// True for an EBML header (RFC 8794, section 11.2.1) and an `ftyp` box (ISO/IEC 14496-12, section 4.3).
    static func isPresent(in bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3])
            || bytes.dropFirst(4).starts(with: [0x66, 0x74, 0x79, 0x70])
    }
}
