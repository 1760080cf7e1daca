public import MitoCore

/// What has not reached the program: asked at a standstill, never on the way of a message.
extension Desk {
    /// What the program still waits for, in the order of asking.
    ///
    /// - Parameter pending: deeds that were carried out and are yet to be settled: what they answer is on its way.
    public func waits(beside pending: [Agent.Deed] = []) -> [ProgramWait] {
        let answered = Set(pending.compactMap(\.subject))
        return waiting.sorted { $0.key < $1.key }.map(\.value).filter { !answered.contains($0.subject) }.map(\.wait)
    }

    /// What was shown to those who listen, so that it can be compared with what came in.
    public var shown: [ProgramWait] {
        let losses = watchers.isEmpty && !sinks.hasRespondents ? [] : [ProgramWait.losses(told: lossesTold)]
        return sinks.shown.map { .receiver($0.handle, shown: $0.count) } + losses
    }
}

extension Desk.Waiting {
    fileprivate var wait: ProgramWait {
        switch (subject, command) {
        case (.call(let call), .call(let request)): .call(call, request.function, on: request.context)
        case (.call(let call), .supervise(let context, _, _)): .answer(call, of: context)
        case (.connect, .connect(let request)): .connect(request)
        case (.farewell(let handle), .end(let context)): .farewell(of: context, handle)
        case (.detachment, _): .detachment
        case (.exit, _): .exit
        case (.call, _), (.connect, _), (.farewell, _):
            preconditionFailure("a command is filed under what ends it")
        }
    }
}

extension Agent.Deed {
    /// The command that this ends, if it is an answer.
    fileprivate var subject: Desk.Subject? {
        guard case .order(let output) = self else { return nil }
        return switch output.order {
        case .completed(let call, _): .call(call)
        case .connected(let connect, _): .connect(connect)
        case .detached: .detachment
        case .exit: .exit
        case .deliver(let handle, _): .farewell(handle)
        default: nil
        }
    }
}
