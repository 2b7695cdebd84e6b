/// Bytes of a client, as a server gets them.
@_cdecl("LLVMFuzzerTestOneInput")
public func clientToServer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    checkMachine(isServer: true, start, count)
    return 0
}
