import Interhuman

/// The first picture of a media file that is in memory.
enum FirstPicture {
    /// Decodes as far as the first picture, and hands it over; nil for a file without one.
    ///
    /// - Throws: `EncodeError` when the bytes can't be decoded, or what `make` throws.
    static func of<Picture>(
        _ file: [UInt8], isolation: isolated (any Actor)? = #isolation,
        _ make: (VideoFrame) throws(EncodeError) -> Picture
    ) async throws(EncodeError) -> Picture? {
        // Bounds on what waits would make `append` wait for a reader, who comes only after it. The bytes are in memory
        // already, and decoding pauses by itself when nobody takes pictures.
        let decoder = MediaStreamDecoder(limits: .init(queuedByteCount: .max))
        do throws(EncodeError) {
            let picture = try await first(of: file, by: decoder, make)
            await decoder.cancel()
            return picture
        } catch {
            await decoder.cancel()
            throw error
        }
    }

    private static func first<Picture>(
        of file: [UInt8], by decoder: MediaStreamDecoder, isolation: isolated (any Actor)? = #isolation,
        _ make: (VideoFrame) throws(EncodeError) -> Picture
    ) async throws(EncodeError) -> Picture? {
        try await decoder.append(file)
        await decoder.finish()
        for try await media in decoder.output {
            if case .video(let frame, _) = media { return try make(frame) }
        }
        return nil
    }
}
