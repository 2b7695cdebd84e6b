import Foundation
import InterhumanCapture
import InterhumanCore
import TestPrograms
import Testing

extension CameraTests {
    /// The package's programs with a kernel camera.
    @Suite(.serialized, .enabled(if: VividCamera.isPresent, "only inside the camera VM (Tests/Camera/test.sh)"))
    struct Programs {
        @Test func theCameraIsStreamedToTheServiceWhichDecodesIt() async throws {
            let service = try await Service()
            let stream = try service.stream(["--no-audio", "--duration", "10"])
            // While it streams, nobody else can.
            let sent = await stream.errors.firstLine { $0.hasPrefix("sent ") }
            #expect(sent != nil)
            let busy = await #expect(throws: CaptureError.self) {
                try await CameraSource(VividCamera.webcamID, configuration: VividCamera.configuration()).start()
            }
            #expect(busy?.code == .busy)
            try await service.expectJudgement(of: stream)
        }

        @Test func aCameraThatIsPluggedOutAndInIsBridged() async throws {
            let service = try await Service()
            let stream = try service.stream(["--no-audio"])
            func wait(for beginning: String) async { _ = await stream.errors.firstLine { $0.hasPrefix(beginning) } }
            await wait(for: "sent ")
            VividCamera.unplug()
            await wait(for: "camera      lost")
            // Segments go on without a camera.
            await wait(for: "sent ")
            await wait(for: "sent ")
            VividCamera.plug()
            await wait(for: "camera      is back")
            await wait(for: "sent ")
            stream.send(signal: SIGINT)
            try await service.expectJudgement(of: stream)
        }

        @Test func withoutASoundServerTheOptionIsNamedThatHelps() async throws {
            let service = try await Service()
            let stream = try service.stream([])
            let errors = await stream.errors.text()
            #expect(await stream.waitUntilExit() == 66)
            #expect(errors.contains("audioServerUnavailable") && errors.contains("--no-audio"))
        }

        @Test func theCameraExampleStreamsUntilItIsInterrupted() async throws {
            let service = try builtProgram("interhuman", ["serve", "--plain"])
            let line = try #require(await service.output.firstLine { $0.contains("ready") })
            let ready = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let example = try builtProgram(
                "StreamCamera", [VividCamera.webcamID, "-"],
                environment: ["INTERHUMAN_URL": try #require(ready["url"] as? String)])
            let sent = await example.output.firstLine { $0.hasPrefix("sent up to ") }
            #expect(sent != nil)
            example.send(signal: SIGINT)
            let ending = await example.output.firstLine { $0.hasPrefix("sent ") && $0.hasSuffix(" bytes") }
            #expect(ending != nil)
            #expect(await example.waitUntilExit() == 0)
        }

        /// The local service, and what to expect of it.
        private struct Service {
            private let directory: TemporaryDirectory
            private let program: RunningProgram
            private let arguments: [String]

            init() async throws {
                directory = try TemporaryDirectory()
                program = try builtProgram("interhuman", ["serve", "--certificate-directory", directory.path])
                let line = try #require(await program.output.firstLine { $0.contains("ready") })
                let ready = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
                arguments = ["stream", "--url", try #require(ready["url"]), "--ca", try #require(ready["ca"])]
            }

            func stream(_ more: [String]) throws -> RunningProgram {
                try builtProgram(
                    "interhuman",
                    arguments + [
                        "--camera", VividCamera.webcamID, "--size", "320x180", "--fps", "5", "--api-version", "v2",
                        "--json",
                    ] + more)
            }

            /// What can't be decoded is an error of the service's; what can is judged.
            func expectJudgement(of stream: RunningProgram) async throws {
                let text = await stream.output.text()
                #expect(await stream.waitUntilExit() == 0)
                let types = text.split(separator: "\n").compactMap { line in
                    try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                }.compactMap { $0["type"] as? String }
                #expect(types.contains("conversation_quality.updated") && !types.contains("error"))
                #expect(types.last == "session.ended")
            }
        }

        @Test func devicesAreListedAsJSONAndFollowed() async throws {
            let program = try builtProgram("interhuman", ["devices", "--json", "--watch"])
            func cameras(where isMeant: ([[String: Any]]) -> Bool) async throws -> [[String: Any]] {
                let line = await program.output.firstLine { line in
                    let listing = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                    return isMeant(listing?["cameras"] as? [[String: Any]] ?? [])
                }
                let listing = try JSONSerialization.jsonObject(with: Data(try #require(line).utf8)) as? [String: Any]
                return listing?["cameras"] as? [[String: Any]] ?? []
            }
            let present = try await cameras { $0.count == 2 }
            #expect(present.first?["id"] as? String == VividCamera.webcamID)
            let formats = present.first?["formats"] as? [[String: Any]] ?? []
            #expect(formats.contains { $0["fourCC"] as? String == "YUYV" && ($0["sizes"] as? [Any])?.count == 6 })
            VividCamera.unplug()
            #expect(try await cameras { $0.isEmpty }.isEmpty)
            VividCamera.plug()
            #expect(try await cameras { $0.count == 2 }.count == 2)
            program.send(signal: SIGINT)
            #expect(await program.waitUntilExit() == 0)
        }

        @Test func theExampleAndTheDoctorFindTheCamera() async throws {
            let example = try builtProgram("ListDevices", [])
            let text = await example.output.text()
            #expect(
                text.contains("vivid [\(VividCamera.webcamID)] at /dev/video0") && text.contains("YUYV up to 1280x720"))
            let doctor = try builtProgram("interhuman", ["doctor", "--url", "ws://127.0.0.1:9"])
            let findings = await doctor.output.text()
            #expect(findings.contains("ok       cameras       vivid (/dev/video0), vivid (/dev/video1)"), "\(findings)")
            #expect(findings.contains("ok       picture"), "\(findings)")
        }
    }
}

/// A program of this build, which stands beside the test bundle.
func builtProgram(
    _ name: String, _ arguments: [String], environment: [String: String] = [:]
) throws -> RunningProgram {
    let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let path = URL(filePath: bundle).deletingLastPathComponent().appending(path: name).path(percentEncoded: false)
    let key = ["INTERHUMAN_API_KEY": "for-the-local-service"]
    return try RunningProgram(path, arguments, environment: environment.merging(key) { $1 })
}
