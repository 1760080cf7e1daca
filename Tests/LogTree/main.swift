import Logging
import MitoCore
import MitoLinux
import MitoLive
import Mitoscope

// A tree whose contexts print and log, for the tests: this program is its own image. The root's log goes to the file
// that is its second argument; what its children are to do is its first.

let write = RemoteFunction("write") { (text: String) in print(text, terminator: "") }
let shout = RemoteFunction("shout") { (lines: Int) in
    let line = String(repeating: "x", count: 999)
    for _ in 0..<lines { print(line) }
}
let remark = RemoteFunction("remark") {
    Logger(label: "demo").warning("hot", metadata: ["degrees": "99"])
    Logger(label: "demo").debug("this is not wanted")
}
/// The context starts one of its own.
let nest = RemoteFunction("nest") { (context: CallContext) in
    let inner = try await context.router.local(name: "inner")
    try await inner.call(write, "nested\n")
}

ContextProgram.serveIfStarted(functions: [write, shout, remark, nest])

var log = LogSettings.ofEnvironment
log.path = CommandLine.arguments[2]
try log.install()

try await withRouter(image: ContextProgram.ownImage) { router in
    if CommandLine.arguments[1] == "debug" { router.enableDebug() }
    if CommandLine.arguments[1] == "profile" { router.enableProfiling() }
    let isAlone = CommandLine.arguments[1] == "debug-alone"
    let web = try await router.local(name: "web", debug: isAlone ? true : nil, profiling: isAlone ? true : nil)
    switch CommandLine.arguments[1] {
    case "write": try await web.call(write, "one\ntwo\nthree")
    case "remark": try await web.call(remark)
    case "flood": try await web.call(shout, 1_000_000_000)
    case "shout": try await web.call(shout, 5000)
    case "debug-alone":
        try await web.call(nest)
        try await router.local(name: "db", via: web).call(write, "done\n")
    default: try await router.local(name: "db", via: web).call(write, "done\n")
    }
}
