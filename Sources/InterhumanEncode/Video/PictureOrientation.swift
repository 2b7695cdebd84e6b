/// How pictures are turned before they are encoded, for a camera that hangs on its side or shows a mirror image.
public struct PictureOrientation: Sendable, Hashable {
    /// A turn to the right.
    public enum Rotation: Int, Sendable, Hashable, CaseIterable {
        /// As captured.
        case none = 0
        /// A quarter to the right: what was left is on top.
        case quarter = 90
        /// Upside down.
        case half = 180
        /// Three quarters to the right: what was right is on top.
        case threeQuarters = 270
    }

    /// The turn.
    public var rotation: Rotation
    /// Whether left and right change places, after the turn.
    public var isMirrored: Bool

    /// Creates an orientation.
    public init(rotation: Rotation = .none, isMirrored: Bool = false) {
        self.rotation = rotation
        self.isMirrored = isMirrored
    }

    /// As captured.
    public static let upright = PictureOrientation()

    /// Whether width and height change places.
    var swapsSides: Bool { rotation == .quarter || rotation == .threeQuarters }
}
