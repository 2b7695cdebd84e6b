/// The keys among the bytes that a terminal sends.
public enum TypedKeys {
    /// Plain keys in order. Arrows and their like, which come as escape sequences (ECMA-48, 5.4), are left out.
    public static func plain(_ bytes: [UInt8]) -> [Unicode.Scalar] {
        var keys: [Unicode.Scalar] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            guard byte == 0x1B else {
                keys.append(Unicode.Scalar(byte))
                continue
            }
            guard let kind = rest.popFirst(), kind == UInt8(ascii: "[") || kind == UInt8(ascii: "O") else { continue }
            rest = rest.drop { (0x20...0x3F).contains($0) }.dropFirst()
        }
        return keys
    }
}
