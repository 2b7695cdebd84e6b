/// Bytes of a server, as a client gets them.
@_cdecl("LLVMFuzzerTestOneInput")
public func serverToClient(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    checkMachine(isServer: false, start, count)
    return 0
}
