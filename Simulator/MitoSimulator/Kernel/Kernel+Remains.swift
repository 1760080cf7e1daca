import MitoCore
import Mitoscope

/// What is left of a world, what it failed to do, and who waits in it.
extension Kernel {
    /// Processes that were started, or are to be, and have not ended; then the code in them that has not.
    var remains: [Remains] {
        hosts.filter { if case .ended = $0.state { false } else { true } }
            .map { Remains(.process, of: $0.id, "the process of context \($0.id)") }
            + waits().map { Remains(.task, of: $0.context, $0.code) } + waitingTasks
    }

    /// Tasks that were begun and left, and have not ended.
    var waitingTasks: [Remains] {
        userCode.waitingTasks.map { task in
            let place = Int(task.host)
            let whose = task.code ?? "code"
            return Remains(.task, of: hosts[place].id, "a task that \(whose) began at \(task.begun - .start)")
        }
    }

    /// Whose programs and functions have not come to their end, and what they asked for and wait for.
    func waits() -> [Hang.Wait] {
        hosts.indices.flatMap { index -> [Hang.Wait] in
            let host = hosts[index]
            guard host.isRunning || index == 0, let code = userCode.programs[HostIndex(index)]?.running
            else { return [] }
            let name = host.id == .master ? "master" : hosts[0].agent.node.name(of: host.id)
            let asked = host.desk.commands.map { Hang.Wait(context: host.id, name: name, code: code, command: $0) }
            return asked.isEmpty ? [Hang.Wait(context: host.id, name: name, code: code, command: nil)] : asked
        }
    }

    /// Ends of links that are open though the context has closed them: a live context would keep a descriptor of each.
    var staleEnds: [Remains] {
        hosts.filter(\.isRunning).flatMap { host in
            host.openLinks.filter { host.agent.node.neighbour(on: $0) == nil }.map { link in
                let lower = host.outgoing(link).map { fabric[$0].lower } ?? host.id
                return Remains(.descriptor, of: host.id, "its end of the link of context \(lower), which it closed")
            }
        }
    }

    /// Has what this driver was to fail to do come up, and was not done?
    var hasOmitted: Bool { omission?.isOver ?? false }

    /// Notes what programs wait for and what they were shown, as they know it themselves.
    mutating func noteWaits() {
        for place in hosts.indices where hosts[place].isRunning || place == 0 {
            let host = hosts[place]
            var waits = host.desk.waits()
            if waits.isEmpty, let code = userCode.programs[HostIndex(place)]?.running {
                waits = [.ownBusiness(code: code)]
            }
            for wait in waits + host.desk.shown { note(wait, in: host.id) }
        }
    }

    /// Notes one thing that a program outside waits for in a context.
    mutating func note(_ wait: ProgramWait, in context: ContextID) {
        var event = wait.event
        event.at = now
        note(event, in: context)
    }
}
