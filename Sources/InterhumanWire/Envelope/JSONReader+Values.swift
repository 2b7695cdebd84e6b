import InterhumanCore

extension JSONReader {
    /// Reads an array or null.
    mutating func readOptionalArray<Element>(
        _ element: (inout JSONReader) throws(JSONFault) -> Element
    ) throws(JSONFault) -> [Element]? {
        guard try !takeNull() else { return nil }
        var array: [Element] = []
        try elements { reader throws(JSONFault) in array.append(try element(&reader)) }
        return array
    }

    /// Reads a name of an open enumeration, or null.
    mutating func readOptionalName<Name: OpenEnumeration>() throws(JSONFault) -> Name? {
        guard try !takeNull() else { return nil }
        return Name(rawValue: try readString())
    }

    /// Reads an array of names of an open enumeration, or null.
    mutating func readOptionalNames<Name: OpenEnumeration>() throws(JSONFault) -> [Name]? {
        try readOptionalArray { reader throws(JSONFault) in Name(rawValue: try reader.readString()) }
    }
}

extension Optional {
    /// The value, or a fault of shape that says which property is missing.
    func required(_ property: String) throws(JSONFault) -> Wrapped {
        guard let self else { throw .shape("\(property) is missing") }
        return self
    }
}
