public import MitoCore

extension Router {
    /// What a context did last and what it waits for: its flight recorder, which is always on.
    ///
    /// ```swift
    /// let recording = try await router.flightRecording(of: web)
    /// for event in recording.events { print(event.kind, event.text) }
    /// ```
    /// Fails as `.call` or `.channel` for a context that has none, such as a Python one, and as `.timeout` when it does
    /// not answer: a broker that is itself stuck cannot.
    public func flightRecording(
        of context: Context, timeout: Duration = .seconds(5)
    ) async throws(MitoscopeError) -> FlightRecording {
        let question = Command.supervise(context.id, .recording, timeout: timeout)
        return try Self.recording(try await perform(question, path: context.path), path: context.path)
    }

    /// What a context did last, and blocks this thread until it has told.
    public func flightRecording(
        of context: Context, timeout: Duration = .seconds(5)
    ) throws(MitoscopeError) -> FlightRecording {
        let question = Command.supervise(context.id, .recording, timeout: timeout)
        return try Self.recording(try perform(question, path: context.path), path: context.path)
    }

    /// What the contexts of the whole tree below here did last, this one first. Contexts that do not answer, each for
    /// at most `timeout`, are named in `silent`.
    public func flightRecordings(
        timeout: Duration = .seconds(5)
    ) async throws(MitoscopeError) -> (recordings: [FlightRecording], silent: [ContextID]) {
        var recordings = [try await ownRecording()]
        var silent: [ContextID] = []
        var next = recordings[0].children
        // A context that lies about its children must not send us round in circles.
        var asked: Set<ContextID> = [recordings[0].context]
        while let context = next.popLast() {
            guard asked.insert(context).inserted else { continue }
            do throws(MitoscopeError) {
                let answer = try await perform(.supervise(context, .recording, timeout: timeout), path: [context])
                let recording = try Self.recording(answer, path: [context])
                recordings.append(recording)
                next += recording.children
            } catch {
                silent.append(context)
            }
        }
        return (recordings, silent.sorted())
    }

    private func ownRecording() async throws(MitoscopeError) -> FlightRecording {
        let recording = await withCheckedContinuation { continuation in
            let isTaken = world.submit("a look at the flight recorder") { agent, _, _ in
                continuation.resume(returning: agent.node.flightRecording as FlightRecording?)
            }
            if !isTaken { continuation.resume(returning: nil) }
        }
        guard let recording else { throw .ended }
        return recording
    }

    private static func recording(_ answer: Value, path: [ContextID]) throws(MitoscopeError) -> FlightRecording {
        if let recording = FlightRecording(answer) { return recording }
        var error = MitoscopeError(.stream, "the answer is no flight recording that this build can read")
        error.path = path
        throw error
    }
}
