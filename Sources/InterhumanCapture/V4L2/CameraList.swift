import CInterhumanV4L2

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import InterhumanCore

/// Finds the cameras of a system. Blocks; runs on a thread of its own.
struct CameraList {
    let system: any CameraSystem

    /// All cameras; those that exist but can't be opened carry their problem.
    func cameras() throws(CaptureError) -> [Camera] {
        try nodes().compactMap { camera(at: $0) }
    }

    /// The camera that `selector` names, or the first usable one. Opens no more than it must: opening may light a
    /// camera's lamp, or disturb who uses it.
    func camera(_ selector: String?) throws(CaptureError) -> Camera {
        guard let selector else { return try firstUsable() }
        if let node = try nodes().first(where: { $0.matches(selector) }), let found = camera(at: node) {
            if let problem = found.problem { throw problem }
            return found
        }
        let cameras = try cameras()
        if let found = cameras.first(where: { $0.matches(selector) }) {
            if let problem = found.problem { throw problem }
            return found
        }
        // A path may be a link of udev's or a node that is no camera: opening it says which.
        if selector.hasPrefix("/") { return try cameraAt(path: selector) }
        throw CaptureError(
            .notFound, operation: "find camera \(selector)",
            message: "No camera has this id, path or name. There are: "
                + (cameras.isEmpty ? "none" : cameras.map { "\($0.id) (\($0.name))" }.joined(separator: ", ")) + ".")
    }

    private func firstUsable() throws(CaptureError) -> Camera {
        var problem: CaptureError?
        for node in try nodes() {
            guard let camera = camera(at: node) else { continue }
            guard let itsProblem = camera.problem else { return camera }
            problem = problem ?? itsProblem
        }
        throw problem ?? noCamera()
    }

    private func nodes() throws(CaptureError) -> [CameraNode] {
        do {
            return try system.nodes()
        } catch {
            throw CameraFault.error(error, path: "/dev", operation: "list cameras")
        }
    }

    private func noCamera() -> CaptureError {
        CaptureError(
            .notFound, operation: "find a camera",
            message: """
                This machine has no camera (no usable /dev/video*). Plug one in; in a container pass it in with \
                --device /dev/video0; in a virtual machine attach it to the guest. Cameras that only PipeWire or a \
                portal offers can't be used.
                """)
    }

    private func cameraAt(path: String) throws(CaptureError) -> Camera {
        let identity: CameraQuery.Identity
        do throws(SystemFailure) {
            let device = try system.open(path, convert: false)
            defer { device.close() }
            let query = CameraQuery(device: device)
            identity = try query.identity()
            if identity.captures { return describe(CameraNode(path: path), identity, query) }
        } catch {
            throw CameraFault.error(error, path: path)
        }
        throw notACamera(path, identity)
    }

    private func notACamera(_ path: String, _ identity: CameraQuery.Identity) -> CaptureError {
        CaptureError(
            .unsupported, operation: "open \(path)",
            message: identity.isMultiPlanar
                ? "\(identity.name) offers only V4L2's multi-planar interface, which this package doesn't use."
                : "\(identity.name) gives no pictures through this node (metadata or output). Choose a listed camera.")
    }

    /// Nil for nodes that are no cameras.
    private func camera(at node: CameraNode) -> Camera? {
        do throws(SystemFailure) {
            let device = try system.open(node.path, convert: false)
            defer { device.close() }
            let query = CameraQuery(device: device)
            let identity = try query.identity()
            if identity.captures { return describe(node, identity, query) }
            guard identity.isMultiPlanar else { return nil }
            return unusable(node, name: identity.name, notACamera(node.path, identity))
        } catch {
            // A node that vanished between the listing and the opening is not there; one without V4L2 is no camera.
            guard !CameraFault.isLoss(error), error.code != ENOTTY, error.code != EINVAL else { return nil }
            return unusable(node, name: node.byID ?? node.path, CameraFault.error(error, path: node.path))
        }
    }

    private func describe(_ node: CameraNode, _ identity: CameraQuery.Identity, _ query: CameraQuery) -> Camera {
        Camera(
            id: node.byID ?? node.byPath ?? "\(identity.bus) \(identity.name)", name: identity.name, path: node.path,
            bus: identity.bus, driver: identity.driver, formats: query.formats(),
            controls: CameraControls(device: query.device).all(), problem: nil)
    }

    private func unusable(_ node: CameraNode, name: String, _ problem: CaptureError) -> Camera {
        Camera(
            id: node.byID ?? node.byPath ?? node.path, name: name, path: node.path, bus: "", driver: "", formats: [],
            controls: [], problem: problem)
    }
}
