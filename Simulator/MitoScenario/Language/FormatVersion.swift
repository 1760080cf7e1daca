/// The version of the scenario language, which a file says in its first line: `mitoscope: 1`.
///
/// What raises it stands in CONTRIBUTING.md. A file of a newer version is refused in one sentence: whatever else this
/// program does not understand of it is no mistake of its author's.
enum FormatVersion {
    static let current = 1

    /// Notes what is wrong with the version; false when the rest of the file is not to be looked at.
    static func check(_ root: Item, _ sheet: ErrorSheet) -> Bool {
        guard case .map(let entries) = root.content,
            let item = entries.first(where: { $0.key == "mitoscope" })?.value,
            case .text(let text, _) = item.content, let version = Int(text), version > current
        else { return true }
        sheet.note(
            item.position, "the scenario has version \(version)",
            hint: "this program reads \(current), a newer one is needed")
        return false
    }
}
