import Interhuman
import Synchronization

/// Listings of both kinds of devices, the newest whenever one changed.
final class DeviceChanges: Sendable {
    /// The listings; the first comes when both kinds were asked for.
    let listings: AsyncStream<DeviceListing>

    private struct State {
        var cameras: Result<[Camera], CaptureError>?
        var microphones: Result<[Microphone], CaptureError>?
        var last: DeviceListing?
    }

    private let state = Mutex(State())
    private let continuation: AsyncStream<DeviceListing>.Continuation
    private let tasks = Mutex<[Task<Void, Never>]>([])

    /// Begins to watch.
    init() {
        (listings, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let watchers = [
            Task { [weak self] in await Self.watchCameras { self?.note(cameras: $0) } },
            Task { [weak self] in await Self.watchMicrophones { self?.note(microphones: $0) } },
        ]
        tasks.withLock { $0 = watchers }
    }

    deinit {
        end()
    }

    /// Ends the watch and the listings.
    func end() {
        tasks.withLock { $0.forEach { $0.cancel() } }
        continuation.finish()
    }

    private static func watchCameras(_ tell: (Result<[Camera], CaptureError>) -> Void) async {
        do throws(CaptureError) {
            for try await cameras in Camera.changes() { tell(.success(cameras)) }
        } catch {
            tell(.failure(error))
        }
    }

    /// A sound server that isn't there may come: it is tried again now and then.
    private static func watchMicrophones(_ tell: (Result<[Microphone], CaptureError>) -> Void) async {
        while !Task.isCancelled {
            do throws(CaptureError) {
                for try await microphones in Microphone.changes() { tell(.success(microphones)) }
            } catch {
                tell(.failure(error))
            }
            // Only cancellation throws, and then the loop ends.
            try? await Task.sleep(for: .seconds(2))
        }
    }

    private func note(
        cameras: Result<[Camera], CaptureError>? = nil, microphones: Result<[Microphone], CaptureError>? = nil
    ) {
        state.withLock { state in
            if let cameras { state.cameras = cameras }
            if let microphones { state.microphones = microphones }
            guard let listing = listing(of: state), listing != state.last else { return }
            state.last = listing
            continuation.yield(listing)
        }
    }

    private func listing(of state: State) -> DeviceListing? {
        guard let cameras = state.cameras, let microphones = state.microphones else { return nil }
        var listing = DeviceListing()
        switch cameras {
        case .success(let list): listing.cameras = list
        case .failure(let error): listing.problems.append(error)
        }
        switch microphones {
        case .success(let list): listing.microphones = list
        case .failure(let error): listing.problems.append(error)
        }
        return listing
    }
}
