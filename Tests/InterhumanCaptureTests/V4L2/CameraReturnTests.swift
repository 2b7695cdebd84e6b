import CInterhumanV4L2
import InterhumanCore
import Synchronization
import Testing

@testable import InterhumanCapture

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Waiting for a camera that went away, and for cameras at all.
@Suite(.timeLimit(.minutes(1))) struct CameraReturnTests {
    private let camera: ScriptedCamera
    private let source: CameraSource
    private let system: ScriptedSystem

    init() throws {
        camera = try ScriptedCamera()
        (source, system) = CameraSourceTests.source(camera) { $0.whenLost = .wait(atMost: .seconds(60)) }
    }

    /// Starts, and takes the camera away.
    private func lose() async throws -> (VideoStream, MediaSequence<CameraEvent, Never>.Iterator) {
        let stream = try await source.start()
        var events = source.events.makeAsyncIterator()
        system.unplug(camera)
        while let event = await events.next() { if case .lost = event { break } }
        return (stream, events)
    }

    @Test(arguments: [(EACCES, CaptureError.Code.permissionDenied), (EBUSY, .busy)])
    func whyACameraThatIsBackCannotBeUsedIsToldOnceAndIsTheError(
        _ errno: Int32, _ code: CaptureError.Code
    ) async throws {
        let (stream, told) = try await lose()
        var events = told
        camera.change { $0.openFailure = errno }
        system.plug(camera)
        // Waits now let the time pass: the sixty seconds are over at once.
        camera.clock.mayBlock = false
        let error = await #expect(throws: CaptureError.self) { for try await _ in stream.frames {} }
        #expect(error?.code == code)
        #expect(await events.next() == error.map { .warning($0.message) })
        #expect(await events.next() == nil)
        await source.stop()
    }

    @Test func aCameraIsWaitedForWithoutAWatch() async throws {
        system.watchFailure = SystemFailure(call: "inotify_init1", code: EMFILE)
        let (stream, told) = try await lose()
        var events = told
        system.plug(camera)
        #expect(await events.next() == .returned)
        while let event = await events.next() { if case .started = event { break } }
        camera.deliver(sequence: 0)
        var frames = stream.frames.makeAsyncIterator()
        #expect(try await frames.next() != nil)
        await source.stop()
    }

    @Test func aStopEndsTheWaitWithoutAWatch() async throws {
        system.watchFailure = SystemFailure(call: "inotify_init1", code: EMFILE)
        let (stream, _) = try await lose()
        await source.stop()
        var frames = stream.frames.makeAsyncIterator()
        #expect(try await frames.next() == nil)
    }

    @Test func aStopBeforeTheStartEndsTheEvents() async {
        await source.stop()
        var events = source.events.makeAsyncIterator()
        #expect(await events.next() == nil)
    }

    @Test func aListThatGotNoThreadIsMadeByTheNextRequest() async throws {
        let attempts = Mutex(0)
        let changes = CameraChanges(system: system) { name, work throws(CaptureError) in
            let attempt = attempts.withLock { attempts in
                attempts += 1
                return attempts
            }
            guard attempt > 1 else { throw CaptureError(.system, operation: "start a thread", message: "scripted") }
            try DeviceThread.start(named: name, work)
        }
        var lists = changes.sequence().makeAsyncIterator()
        let error = await #expect(throws: CaptureError.self) { try await lists.next() }
        #expect(error?.code == .system && system.openWatches == 0)
        #expect(try await lists.next()?.count == 1)
    }
}
