/// A setting of a camera: brightness, exposure, focus.
public struct CameraControl: Sendable, Hashable, Identifiable {
    /// V4L2's number of the control (`V4L2_CID_*`).
    public var id: UInt32
    /// The driver's name: "Brightness".
    public var name: String
    /// What values it takes.
    public var kind: Kind
    /// The value it had when it was listed; nil for buttons and for those that can't be read.
    public var value: Int32?
    /// The driver's default.
    public var defaultValue: Int32
    /// Whether it can only be read.
    public var isReadOnly: Bool
    /// Whether it has no effect at present because another control (such as an automatic one) rules.
    public var isInactive: Bool

    /// The values that a control takes.
    public enum Kind: Sendable, Hashable {
        /// A whole number.
        case integer(range: ClosedRange<Int32>, step: Int32)
        /// 0 or 1.
        case boolean
        /// One of named values.
        case menu([Int32: String])
        /// Does something when set; has no value.
        case button
    }

    /// Creates a description of a control.
    public init(
        id: UInt32, name: String, kind: Kind, value: Int32?, defaultValue: Int32, isReadOnly: Bool = false,
        isInactive: Bool = false
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.value = value
        self.defaultValue = defaultValue
        self.isReadOnly = isReadOnly
        self.isInactive = isInactive
    }

    /// Nil when the control takes `value`, else what it takes.
    func objection(to value: Int32) -> String? {
        switch kind {
        case .integer(let range, let step):
            guard range.contains(value) else { return "\(range.lowerBound) to \(range.upperBound)" }
            let offset = Int64(value) - Int64(range.lowerBound)
            return offset % Int64(max(1, step)) == 0
                ? nil : "\(range.lowerBound) to \(range.upperBound) in steps of \(step)"
        case .boolean: return value == 0 || value == 1 ? nil : "0 or 1"
        case .menu(let items):
            return items[value] != nil
                ? nil : items.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
        case .button: return nil
        }
    }
}
