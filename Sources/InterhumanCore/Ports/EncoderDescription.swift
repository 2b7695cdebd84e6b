/// What an encoder makes at the moment.
public struct EncoderDescription: Sendable, Hashable {
    /// Everything in a line for people: codecs, size, rates, container, framing.
    public var text: String
    /// What the machine lacks and what is done instead, each in a sentence for people.
    public var fallbacks: [String]
    /// The video track; nil for none or where the encoder does not say.
    public var video: Video?

    /// Creates a description.
    public init(text: String = "", fallbacks: [String] = [], video: Video? = nil) {
        self.text = text
        self.fallbacks = fallbacks
        self.video = video
    }

    /// What an ``EncoderAdjustment`` can change.
    public struct Video: Sendable, Hashable {
        /// Width of the pictures in pixels.
        public var width: Int
        /// Height of the pictures in pixels.
        public var height: Int
        /// Most frames a second.
        public var maximumFrameRate: Double
        /// Bits a second that rate control aims at.
        public var bitRate: Int

        /// Creates a description; see the properties for units.
        public init(width: Int, height: Int, maximumFrameRate: Double, bitRate: Int) {
            self.width = width
            self.height = height
            self.maximumFrameRate = maximumFrameRate
            self.bitRate = bitRate
        }
    }
}
