import MitoLinux

/// `mito-ns`, the program that enters namespaces for us.
enum MitoNS {
    /// Where it is: as `MITOSCOPE_NS` says, else beside the image or this program, else in PATH; nil when it is
    /// nowhere.
    static func path(image: String?) -> String? {
        if let named = Machine.environmentVariable(variable) { return named }
        return image.flatMap(beside) ?? beside(ContextProgram.ownImage) ?? Machine.program(name)
    }

    private static func beside(_ image: String) -> String? {
        guard let program = Machine.program(image), let real = Machine.realPath(program),
            let end = real.lastIndex(of: "/")
        else { return nil }
        let path = "\(real[...end])\(name)"
        return Machine.isProgram(path) ? path : nil
    }

    private static let name = "mito-ns"
    private static let variable = "MITOSCOPE_NS"
}
