import CInterhumanV4L2
import InterhumanCore

/// Reads and sets the controls of an open device.
struct CameraControls {
    let device: any CameraDevice

    /// `exposure_dynamic_framerate`, once called `exposure_auto_priority`: whether exposure may lower the frame rate.
    static let dynamicFrameRate = UInt32(bitPattern: 0x009A_0903)

    /// All controls with 32-bit values. An enumeration ends where the driver answers with an error.
    func all() -> [CameraControl] {
        var controls: [CameraControl] = []
        var id: UInt32 = 0
        // Bounded: a broken driver may never say that it has no more.
        for _ in 0..<1024 {
            var entry = v4l2_query_ext_ctrl()
            entry.id = id | interhuman_V4L2_CTRL_NEXT
            guard (try? device.perform(.queryControl, &entry)) != nil, entry.id > id else { break }
            id = entry.id
            if let control = control(from: entry) { controls.append(control) }
        }
        return controls
    }

    /// The control's present value.
    func value(of id: UInt32) throws(SystemFailure) -> Int32 {
        var control = v4l2_control(id: id, value: 0)
        try device.perform(.getControl, &control)
        return control.value
    }

    /// Sets a control and returns the value that the driver took.
    @discardableResult
    func set(_ id: UInt32, to value: Int32) throws(SystemFailure) -> Int32 {
        var control = v4l2_control(id: id, value: value)
        try device.perform(.setControl, &control)
        return control.value
    }

    private func control(from entry: v4l2_query_ext_ctrl) -> CameraControl? {
        let flags = Int32(bitPattern: entry.flags)
        guard flags & V4L2_CTRL_FLAG_DISABLED == 0, let kind = kind(of: entry) else { return nil }
        let isReadable = kind != .button && flags & V4L2_CTRL_FLAG_WRITE_ONLY == 0
        return CameraControl(
            id: entry.id, name: CameraQuery.text(entry.name), kind: kind,
            value: isReadable ? try? value(of: entry.id) : nil,
            defaultValue: Int32(clamping: entry.default_value), isReadOnly: flags & V4L2_CTRL_FLAG_READ_ONLY != 0,
            isInactive: flags & V4L2_CTRL_FLAG_INACTIVE != 0)
    }

    private func kind(of entry: v4l2_query_ext_ctrl) -> CameraControl.Kind? {
        guard entry.nr_of_dims == 0 else { return nil }
        switch entry.type {
        case V4L2_CTRL_TYPE_INTEGER.rawValue:
            guard entry.minimum <= entry.maximum else { return nil }
            return .integer(
                range: Int32(clamping: entry.minimum)...Int32(clamping: entry.maximum),
                step: Int32(clamping: entry.step))
        case V4L2_CTRL_TYPE_BOOLEAN.rawValue: return .boolean
        case V4L2_CTRL_TYPE_MENU.rawValue, V4L2_CTRL_TYPE_INTEGER_MENU.rawValue: return .menu(menu(of: entry))
        case V4L2_CTRL_TYPE_BUTTON.rawValue: return .button
        default: return nil
        }
    }

    private func menu(of entry: v4l2_query_ext_ctrl) -> [Int32: String] {
        var items: [Int32: String] = [:]
        guard entry.minimum >= 0, entry.minimum <= entry.maximum, entry.maximum < 1024 else { return items }
        for index in entry.minimum...entry.maximum {
            var item = interhuman_querymenu()
            item.id = entry.id
            item.index = UInt32(index)
            // Menus have holes: an index that the driver refuses is no item.
            guard (try? device.perform(.queryMenu, &item)) != nil else { continue }
            if entry.type == V4L2_CTRL_TYPE_MENU.rawValue {
                items[Int32(index)] = CameraQuery.text(item.name)
            } else {
                let value = withUnsafeBytes(of: item.name) { $0.loadUnaligned(as: Int64.self) }
                items[Int32(index)] = "\(value)"
            }
        }
        return items
    }
}
