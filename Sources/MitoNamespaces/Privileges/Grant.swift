import MitoLinux

/// How an administrator lets this program do what it may not.
enum Grant {
    /// The commands, in order. Whoever may run the program may then do all that it does, so it is for one group.
    static var commands: [String] {
        let path = Machine.realPath("/proc/self/exe") ?? "mito-ns"
        return ["chgrp GROUP \(path)", "chmod 0750 \(path)", "setcap \(Privilege.everything)=p \(path)"]
    }

    /// The same in a sentence.
    static var hint: String {
        "run it as root, or make a user namespace with it (--new user,…), or let the superuser grant it: "
            + commands.joined(separator: " && ")
    }
}
