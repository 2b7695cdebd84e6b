public import InterhumanCore

extension RGBPicture {
    /// The picture turned and mirrored as the encoder does it.
    public func oriented(_ orientation: PictureOrientation) -> RGBPicture {
        guard orientation != .upright else { return self }
        let (newWidth, newHeight) = orientation.swapsSides ? (height, width) : (width, height)
        var turned: [UInt8] = []
        turned.reserveCapacity(pixels.count)
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                let column = orientation.isMirrored ? newWidth - 1 - x : x
                let place =
                    switch orientation.rotation {
                    case .none: y * width + column
                    case .quarter: (height - 1 - column) * width + y
                    case .half: (height - 1 - y) * width + width - 1 - column
                    case .threeQuarters: column * width + width - 1 - y
                    }
                turned.append(contentsOf: pixels[(place * 3)..<(place * 3 + 3)])
            }
        }
        return RGBPicture(width: newWidth, height: newHeight, pixels: turned) ?? self
    }
}
