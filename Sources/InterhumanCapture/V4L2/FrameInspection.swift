import CInterhumanV4L2
import InterhumanCore

/// Looks at a dequeued buffer before anybody decodes it, so that a damaged frame never becomes a keyframe.
enum FrameInspection {
    /// The number of bytes that make up the picture, nil for a damaged or empty one.
    ///
    /// - Parameters:
    ///   - flags: the buffer's flags.
    ///   - bytes: what the driver says it filled.
    static func pictureLength(
        flags: UInt32, bytes: UnsafeRawBufferPointer, pixelFormat: PixelFormat, layout: FrameLayout
    ) -> Int? {
        guard flags & UInt32(V4L2_BUF_FLAG_ERROR) == 0, !bytes.isEmpty else { return nil }
        if pixelFormat == .mjpeg { return jpegLength(bytes) }
        if pixelFormat.isCompressed { return bytes.count }
        return bytes.count >= layout.byteCount ? layout.byteCount : nil
    }

    /// The length of the JPEG picture that begins at the first byte, without what cameras pad behind its end.
    static func jpegLength(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
        // Inside entropy-coded data 0xFF is stuffed: the last FF D9 is the end. Most cameras put it last.
        var index = bytes.count - 1
        while index >= 3 {
            if bytes[index] == 0xD9, bytes[index - 1] == 0xFF { return index + 1 }
            index -= 1
        }
        return nil
    }
}
