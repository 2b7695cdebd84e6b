import FoundationEssentials

/// The body of `POST /v1/auth`.
struct AccessTokenRequest: Decodable {
    var key_id: String?
    var key_secret: String?
    var scopes: [String]?
}

/// The body of `POST /v1/client_tokens`.
struct ClientTokenRequest: Decodable {
    var api_key: String?
    var scopes: [String]?
    var expires_in: Int?
    var max_duration_seconds: Int?
    var max_bytes: Int?
    var max_concurrent: Int?
    var max_video_seconds: Int?
    var allowed_origins: [String]?

    /// The name of a number that is none that could be kept to.
    var uselessNumber: String? {
        let numbers = [
            ("expires_in", expires_in), ("max_duration_seconds", max_duration_seconds), ("max_bytes", max_bytes),
            ("max_concurrent", max_concurrent), ("max_video_seconds", max_video_seconds),
        ]
        return numbers.first { ($0.1 ?? 1) < 1 }?.0
    }
}

/// The body of `POST /v1/client_tokens/revoke`.
struct RevocationRequest: Decodable {
    var api_key: String?
    var token: String?
}

/// What both ways to a token are answered with. Members that are nil are left out.
struct TokenResponse: Encodable {
    var access_token: String
    var token_type = "Bearer"
    /// In seconds.
    var expires_in: Int
    /// Names separated by blanks.
    var scope: String
    var max_duration_seconds: Int?
    var max_bytes: Int?
    var max_concurrent: Int?
    var max_video_seconds: Int?
    var allowed_origins: [String]?
}
