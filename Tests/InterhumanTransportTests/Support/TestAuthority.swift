import InterhumanTransport

/// A certificate authority of a test, and what it certifies.
struct TestAuthority {
    let certificate: TestCertificate

    init(name: String = "test authority") throws {
        certificate = try TestCertificate(
            .init(commonName: name, alternativeNames: nil, isAuthority: true))
    }

    /// A server's configuration with a certificate of this authority.
    func server(_ request: TestCertificate.Request = .init()) throws -> TLSServerConfiguration {
        TLSServerConfiguration(identity: try TestCertificate(request, issuer: certificate).identity())
    }

    /// A client's configuration that trusts this authority alone.
    var client: TLSConfiguration {
        TLSConfiguration(usesSystemTrust: false, trustedCertificates: [.bytes(certificate.pem)])
    }
}
