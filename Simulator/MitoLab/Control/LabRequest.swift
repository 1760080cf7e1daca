import MitoCore
public import MitoLinks

/// What a lab can be asked for while it runs.
public enum LabRequest: Hashable, Sendable {
    /// How its links and hosts are.
    case status
    /// Do something to a link; it has the name of its lower end.
    case order(LinkOrder, link: String)
    /// The process of a host, as a pidfd.
    case host(String)
    /// Write down now what was captured of links.
    case flush
    /// Go on after the owner has gone: only the owner may ask.
    case outlive
    /// End.
    case down

    var value: Value {
        switch self {
        case .status: .list(["status"])
        case .order(let order, let link): .list(["order", order.value, .text(link)])
        case .host(let name): .list(["host", .text(name)])
        case .flush: .list(["flush"])
        case .outlive: .list(["outlive"])
        case .down: .list(["down"])
        }
    }

    /// Nil when the value is not one that `value` gives.
    init?(_ value: Value) {
        guard case .list(let parts) = value, let word = parts.first?.string else { return nil }
        switch (word, parts.count) {
        case ("status", 1): self = .status
        case ("flush", 1): self = .flush
        case ("outlive", 1): self = .outlive
        case ("down", 1): self = .down
        case ("host", 2):
            guard let name = parts[1].string else { return nil }
            self = .host(name)
        case ("order", 3):
            guard let order = LinkOrder(parts[1]), let link = parts[2].string else { return nil }
            self = .order(order, link: link)
        default: return nil
        }
    }
}

/// What a lab answers.
enum LabAnswer: Hashable {
    case done(Value)
    case refused(String)

    var value: Value {
        switch self {
        case .done(let value): .list(["done", value])
        case .refused(let why): .list(["refused", .text(why)])
        }
    }

    init?(_ value: Value) {
        guard case .list(let parts) = value, parts.count == 2 else { return nil }
        switch parts[0].string {
        case "done": self = .done(parts[1])
        case "refused": self = .refused(parts[1].string ?? "")
        default: return nil
        }
    }
}
