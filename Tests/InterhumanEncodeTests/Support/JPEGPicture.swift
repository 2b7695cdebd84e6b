import CInterhumanFFmpeg
import InterhumanCore
import Testing

@testable import InterhumanEncode

/// Motion JPEG as cameras send it.
enum JPEGPicture {
    /// The counter picture of that number as a camera's JPEG.
    static func encode(_ picture: CounterPicture, number: Int) throws -> [UInt8] {
        let encoder = try CodecContext.encoder(named: "mjpeg")
        let context = encoder.pointer
        context.pointee.width = Int32(picture.width)
        context.pointee.height = Int32(picture.height)
        context.pointee.pix_fmt = AV_PIX_FMT_YUVJ420P
        context.pointee.time_base = AVRational(num: 1, den: 30)
        try encoder.open()
        let frame = try MediaFrame(width: picture.width, height: picture.height, format: AV_PIX_FMT_YUVJ420P)
        let target = frame.pointer
        picture.frame(number, at: .zero).storage.withPlanes { planes in
            let rows = [
                (planes[0], target.pointee.data.0, target.pointee.linesize.0, picture.height),
                (planes[1], target.pointee.data.1, target.pointee.linesize.1, picture.height / 2),
                (planes[2], target.pointee.data.2, target.pointee.linesize.2, picture.height / 2),
            ]
            for (plane, data, stride, count) in rows {
                for row in 0..<count {
                    guard let data, let source = plane.bytes.baseAddress else { continue }
                    UnsafeMutableRawPointer(data + row * Int(stride)).copyMemory(
                        from: source + row * plane.bytesPerRow, byteCount: plane.bytesPerRow)
                }
            }
        }
        try encoder.send(frame)
        let packet = try #require(try encoder.receivePacket())
        return Array(UnsafeBufferPointer(start: packet.pointer.pointee.data, count: packet.byteCount))
    }
}
