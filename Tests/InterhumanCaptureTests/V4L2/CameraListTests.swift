import CInterhumanV4L2
import InterhumanCore
import Testing

@testable import InterhumanCapture

/// Listing, identity, controls and changes.
@Suite(.timeLimit(.minutes(5))) struct CameraListTests {
    @Test func aCameraIsDescribedWhole() throws {
        let camera = try ScriptedCamera { $0.formats = [ScriptedCamera.yuyv, ScriptedCamera.mjpeg] }
        let listed = try CameraList(system: ScriptedSystem([camera], clock: camera.clock)).cameras()
        let only = try #require(listed.first)
        #expect(only.id == "usb-Maker_Scripted_1234-video-index0" && only.name == "Scripted")
        #expect(only.bus == "usb-0000:00:14.0-1" && only.driver == "scripted" && only.problem == nil)
        #expect(only.formats == [ScriptedCamera.yuyv, ScriptedCamera.mjpeg])
        #expect(camera.openDevices == 0)
    }

    @Test func withoutUdevTheBusIsTheIdentity() throws {
        let camera = try ScriptedCamera(byID: nil)
        let listed = try CameraList(system: ScriptedSystem([camera], clock: camera.clock)).cameras()
        #expect(listed.first?.id == "usb-0000:00:14.0-1 Scripted")
    }

    @Test func aCameraThatCannotBeOpenedIsListedWithItsProblem() throws {
        let camera = try ScriptedCamera { $0.openFailure = EACCES }
        let listed = try CameraList(system: ScriptedSystem([camera], clock: camera.clock)).cameras()
        #expect(listed.first?.problem?.code == .permissionDenied)
    }

    @Test func theFirstUsableCameraIsTheDefault() throws {
        let clock = ScriptedClock()
        let refused = try ScriptedCamera(clock: clock) { $0.openFailure = EACCES }
        let usable = try ScriptedCamera(path: "/dev/video2", byID: "usb-Usable", clock: clock)
        let list = CameraList(system: ScriptedSystem([refused, usable], clock: clock))
        #expect(try list.camera(nil).id == "usb-Usable")
        #expect(try list.camera("Scripted").path == "/dev/video2")
        #expect(try list.camera("/dev/v4l/by-id/usb-Usable").path == "/dev/video2")
        let error = #expect(throws: CaptureError.self) { try list.camera("nosuch") }
        #expect(error?.message.contains("usb-Usable (Scripted)") == true)
    }

    @Test func noOtherCameraIsOpenedThanMustBe() throws {
        let clock = ScriptedClock()
        let first = try ScriptedCamera(clock: clock)
        let second = try ScriptedCamera(path: "/dev/video2", byID: "usb-Second", clock: clock)
        let list = CameraList(system: ScriptedSystem([first, second], clock: clock))
        for selector in ["/dev/video2", "usb-Second", "/dev/v4l/by-id/usb-Second"] {
            #expect(try list.camera(selector).path == "/dev/video2")
        }
        #expect(first.timesOpened == 0 && second.timesOpened == 3)
        #expect(try list.camera(nil).path == "/dev/video0")
        #expect(first.timesOpened == 1 && second.timesOpened == 3)
    }

    @Test func controlsHaveRangesMenusAndValues() async throws {
        let camera = try ScriptedCamera { state in
            func control(_ id: UInt32, _ name: String, _ type: v4l2_ctrl_type, _ maximum: Int64) {
                var entry = v4l2_query_ext_ctrl()
                entry.id = id
                ScriptedAnswers.fill(&entry.name, name)
                entry.type = type.rawValue
                entry.maximum = maximum
                entry.step = 2
                entry.default_value = 4
                state.controls.append(entry)
                state.values[id] = 6
            }
            control(1, "Brightness", V4L2_CTRL_TYPE_INTEGER, 10)
            control(2, "Power Line", V4L2_CTRL_TYPE_MENU, 2)
            control(3, "Automatic", V4L2_CTRL_TYPE_BOOLEAN, 1)
            control(4, "Camera Controls", V4L2_CTRL_TYPE_CTRL_CLASS, 0)
            control(5, "Restart", V4L2_CTRL_TYPE_BUTTON, 0)
        }
        let system = ScriptedSystem([camera], clock: camera.clock)
        let listed = try #require(try CameraList(system: system).cameras().first)
        #expect(listed.controls.map(\.name) == ["Brightness", "Power Line", "Automatic", "Restart"])
        #expect(listed.controls[0].kind == .integer(range: 0...10, step: 2) && listed.controls[0].value == 6)
        // The driver's menu has a hole.
        #expect(listed.controls[1].kind == .menu([0: "item 0", 2: "item 2"]))
        #expect(listed.controls[3].value == nil)
        #expect(try await listed.set(listed.controls[0], to: 8, system: system) == 8)
        for (index, value) in [(0, 3), (0, 12), (1, 1), (2, 2)] {
            let error = await #expect(throws: CaptureError.self) {
                try await listed.set(listed.controls[index], to: Int32(value), system: system)
            }
            #expect(error?.code == .unsupported)
        }
    }

    @Test func changesAreToldOnceEach() async throws {
        let camera = try ScriptedCamera()
        let system = ScriptedSystem([camera], clock: camera.clock)
        var lists = CameraChanges(system: system).sequence().makeAsyncIterator()
        #expect(try await lists.next()?.count == 1)
        system.unplug(camera)
        #expect(try await lists.next()?.isEmpty == true)
        system.plug(camera)
        #expect(try await lists.next()?.count == 1)
    }

    @Test func aReaderThatIsCancelledEndsTheWatch() async throws {
        let system = ScriptedSystem([], clock: ScriptedClock())
        let changes = CameraChanges(system: system).sequence()
        let reader = Task { () async throws -> Int in
            var count = 0
            for try await _ in changes { count += 1 }
            return count
        }
        reader.cancel()
        #expect(try await reader.value <= 1)
    }
}
