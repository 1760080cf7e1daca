import MitoCore

/// The function that runs: it performs its steps until one has to wait.
extension Agent {
    /// What it waited for has come.
    mutating func resume(at now: Instant) {
        guard let wait = running?.wait else { return }
        running?.wait = nil
        switch wait {
        case .turn(let stream): send(stream, at: now)
        case .thread, .program: break
        case .until, .forEver, .call, .connect, .items: noteWait(nil, at: now)
        }
        advance(at: now)
    }

    /// Performs steps until one has to wait, one fails, or none is left.
    mutating func advance(at now: Instant) {
        while let step = running?.next() { perform(step, at: now) }
        guard let result = running?.takeResult() else { return }
        finish(.success(result), at: now)
    }

    private mutating func perform(_ step: Step, at now: Instant) {
        switch step {
        case .give(let value):
            running?.result = value
        case .fail(let error):
            finish(.failure(error), at: now)
        case .sleep(let duration):
            park(.until(now + duration), as: "sleep \(duration)", at: now)
        case .block(let duration):
            guard let id = running?.id else { return }
            // Careless code tells nobody that it waits: whoever reads the trace sees a function at work.
            errand = .block(id, duration)
            running?.wait = .thread
        case .hang:
            park(.forEver, as: "for ever", at: now)
        case .call(let request):
            let request = running?.deadline.map { request.limited(to: $0, at: now) } ?? request
            let call = node.call(request, at: now)
            park(.call(call), as: "call \(request.context) \(request.function)", at: now)
        case .spawn(let request):
            let connect = node.connect(request, at: now)
            park(.connect(connect), as: "connect \(request.name ?? request.method)", at: now)
        case .stream(let destination, let handle, let count, let size):
            send(Stream(to: destination, handle, count: count, size: size), at: now)
        case .open:
            open(at: now)
        case .drain(let handle):
            if inboxes.isOpen(handle), !inboxes.hasEnded(handle) {
                park(.items(handle), as: "items", at: now)
            } else {
                drain(handle, at: now)
            }
        }
    }

    private mutating func park(_ wait: RunningFunction.Wait, as what: String, at now: Instant) {
        running?.wait = wait
        noteWait(what, at: now)
    }

    /// The function that runs begins to wait for `what`, or goes on (nil): for the trace only.
    mutating func noteWait(_ what: String?, at now: Instant) {
        guard let id = running?.id else { return }
        node.parked(id, on: what, at: now)
    }

    mutating func finish(_ result: Result<Value, FunctionError>, at now: Instant) {
        guard let ended = running else { return }
        setRunning(nil)
        errand = nil
        if case .failure = result {
            // Nobody learned of these receivers, so nobody could ever drain them.
            for handle in ended.opened where inboxes.isOpen(handle) { _ = take(handle, at: now) }
        }
        node.finished(ended.id, result, at: now)
    }
}
