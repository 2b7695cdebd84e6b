import ArgumentParser

/// A picture's size as people write it: `1280x720`.
struct PictureSize: Sendable {
    /// Width in pixels.
    let width: Int
    /// Height in pixels.
    let height: Int

    init(argument: String) throws {
        let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1], (16...8192).contains(width),
            (16...8192).contains(height)
        else { throw ValidationError("A size is width and height in pixels, such as 1280x720.") }
        (self.width, self.height) = (width, height)
    }
}
