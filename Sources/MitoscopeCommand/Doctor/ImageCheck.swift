/// Is there a program for this machine that contexts can be started from?
struct ImageCheck: MachineCheck {
    let name = "image"
    let isRequired = true

    func look() -> MachineFinding {
        do throws(ImageFile.Failure) {
            let image = try ImageFile(path: ShippedProgram.agent.path)
            return .yes("\(ShippedProgram.agent.name), \(image.architecture), \(image.loadedBytes) bytes")
        } catch {
            return .no(error.description, remedy: remedy)
        }
    }

    private var remedy: String {
        // Where no program may run from memory, the one inside ours is of no use.
        let memory = KernelSetting("vm/memfd_noexec")
        if memory.number == 2 { return memory.command(settingTo: 1) + ", or MITOSCOPE_AGENT names a file" }
        return "`make run` builds it, MITOSCOPE_AGENT names another"
    }
}
