import Foundation
import InterhumanLocalService
import InterhumanTransport
import TestPrograms
import Testing

/// nginx, which ends TLS and passes WebSockets on to a server without TLS.
struct NginxProxy {
    private static let path = "/usr/sbin/nginx"

    /// Whether nginx is installed.
    static let isAvailable = FileManager.default.isExecutableFile(atPath: path)
    static let absence: Comment = "NOT TESTED behind nginx: /usr/sbin/nginx is missing; install nginx-light."

    /// The port for `wss`.
    let port: Int
    private let program: RunningProgram
    private let directory: TemporaryDirectory

    /// Starts nginx in front of a port; returns when it listens.
    static func start(before port: Int, certificate: LocalCertificate) async throws -> NginxProxy {
        var output = ""
        // nginx can't choose a port: another program may take the one that was free a moment ago.
        for _ in 0..<10 {
            let directory = try TemporaryDirectory()
            let own = try await FreePort.find()
            try configuration(directory, port: own, target: port, certificate)
                .write(toFile: directory.file("nginx.conf"), atomically: false, encoding: .utf8)
            let program = try RunningProgram(
                path, ["-p", directory.path, "-c", directory.file("nginx.conf"), "-e", "stderr"])
            // It says what it waits for connections with after it has begun to listen.
            let line = await program.errors.firstLine {
                output += $0 + "\n"
                return $0.contains("event method") || $0.contains("bind()")
            }
            guard let line else { break }
            if line.contains("event method") {
                return NginxProxy(port: own, program: program, directory: directory)
            }
        }
        throw PythonPeer.Failure(description: output)
    }

    /// What nginx says of the next request that ended: whether its TLS session was taken up (`r`) or new (`.`), and the
    /// version of TLS.
    func tlsOfNextRequest() async -> String? {
        await program.output.firstLine { _ in true }
    }

    /// Kills it.
    func kill() { program.send(signal: SIGKILL) }

    private static func configuration(
        _ directory: TemporaryDirectory, port: Int, target: Int, _ certificate: LocalCertificate
    ) -> String {
        """
        daemon off;
        master_process off;
        pid \(directory.file("nginx.pid"));
        error_log stderr notice;
        events {}
        http {
            log_format tls '$ssl_session_reused $ssl_protocol';
            access_log /dev/stdout tls;
            client_body_temp_path \(directory.file("body"));
            proxy_temp_path \(directory.file("proxy"));
            fastcgi_temp_path \(directory.file("fastcgi"));
            uwsgi_temp_path \(directory.file("uwsgi"));
            scgi_temp_path \(directory.file("scgi"));
            server {
                listen 127.0.0.1:\(port) ssl;
                ssl_certificate \(certificate.chainPath);
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_certificate_key \(certificate.keyPath);
                location / {
                    proxy_pass http://127.0.0.1:\(target);
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "upgrade";
                }
            }
        }

        """
    }
}
