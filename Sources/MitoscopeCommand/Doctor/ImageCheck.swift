/// Is there a program for this machine that contexts can be started from?
struct ImageCheck: MachineCheck {
    let name = "image"
    let isRequired = true

    func look() -> MachineFinding {
        let remedy = "`make run` builds it, MITOSCOPE_AGENT names another"
        do throws(ImageFile.Failure) {
            let image = try ImageFile(path: AgentImage.path)
            return .yes("\(AgentImage.name), \(image.architecture), \(image.loadedBytes) bytes")
        } catch {
            return .no(error.description, remedy: remedy)
        }
    }
}
