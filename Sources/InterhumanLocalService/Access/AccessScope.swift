/// What a credential may be used for: one of the vendor's names, such as `interhumanai.stream`.
public struct AccessScope: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public var rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public var description: String { rawValue }

    /// Both streaming endpoints, with every model.
    public static let stream = AccessScope(rawValue: "interhumanai.stream")
    /// Both upload endpoints. This service has none; it grants the scope because the vendor's SDK asks for it.
    public static let upload = AccessScope(rawValue: "interhumanai.upload")
    /// The realtime endpoint, which this service does not have.
    public static let realtime = AccessScope(rawValue: "interhumanai.realtime")
    /// Uploads with the model `inter-2-deep`.
    public static let uploadInter2Deep = AccessScope(rawValue: "interhumanai.upload.inter-2-deep")

    /// The scope that a name asks for; names that the vendor gave up stand for the endpoint's scope. Nil for a name that
    /// nobody knows.
    static func requested(_ name: String) -> AccessScope? {
        switch name {
        case "interhumanai.upload.inter-2", "interhumanai.upload.inter-2-audio": .upload
        case "interhumanai.stream.inter-2", "interhumanai.stream.inter-2-audio": .stream
        default: [stream, upload, realtime, uploadInter2Deep].first { $0.rawValue == name }
        }
    }
}
