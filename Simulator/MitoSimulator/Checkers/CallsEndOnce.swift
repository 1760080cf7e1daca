import MitoCore
public import MitoTrace

/// Every call, every connect command and every function that began ends exactly once, before its context does.
///
/// Who was killed ends nothing any more; nor is anything expected of it.
public struct CallsEndOnce: Checker {
    public let invariant = Invariant.callsEndOnce

    public init() {}

    public mutating func observe(_ record: TraceRecord) {
        if let victim = record.victim { return books[victim] = nil }
        let event = record.event
        switch event.kind {
        case .callStarted:
            let call = Call(function: event.text, callee: event.destination, record: record.index, at: event.at)
            if books[record.context, default: Book()].calls.updateValue(call, forKey: event.handle) != nil {
                findings.add("a second call waits at handle \(event.handle)", by: record)
            }
        case .callEnded:
            if books[record.context, default: Book()].calls.removeValue(forKey: event.handle) == nil {
                findings.add("the call of handle \(event.handle) ended without having been open", by: record)
            }
        case .connectStarted: books[record.context, default: Book()].connects += 1
        case .connectEnded:
            books[record.context, default: Book()].connects -= 1
            if books[record.context, default: Book()].connects < 0 {
                books[record.context, default: Book()].connects = 0
                findings.add("a connect command ended without having been open", by: record)
            }
        case .invocationQueued: books[record.context, default: Book()].functions += 1
        case .invocationEnded:
            books[record.context, default: Book()].functions -= 1
            if books[record.context, default: Book()].functions < 0 {
                books[record.context, default: Book()].functions = 0
                findings.add("\(event.text) ended without having been called", by: record)
            }
        case .contextDown:
            close(record.context) { findings, what, _ in findings.add("it ended, and \(what)", by: record) }
        case .childExited: books[event.subject] = nil
        default: break
        }
    }

    public mutating func finish() -> [Violation] {
        for context in books.keys.sorted() {
            close(context) { findings, what, call in
                findings.add(what, in: context, call?.record ?? 0, call?.at ?? .start)
            }
        }
        return findings.take()
    }

    // MARK: Parts

    private struct Call: Sendable {
        var function: String
        var callee: ContextID
        var record: UInt64
        var at: Instant
    }

    /// What one context has begun and not ended.
    private struct Book: Sendable {
        var calls: [Handle: Call] = [:]
        var connects = 0
        var functions = 0
    }

    private var books: [ContextID: Book] = [:]
    private var findings = Findings(.callsEndOnce)

    private mutating func close(_ context: ContextID, _ complain: (inout Findings, String, Call?) -> Void) {
        guard let book = books.removeValue(forKey: context) else { return }
        for handle in book.calls.keys.sorted() {
            guard let call = book.calls[handle] else { continue }
            complain(&findings, "the call of \(call.function) in \(call.callee) never ended (handle \(handle))", call)
        }
        if book.connects > 0 { complain(&findings, "\(book.connects) connect commands never ended", nil) }
        if book.functions > 0 { complain(&findings, "\(book.functions) functions never ended", nil) }
    }
}
