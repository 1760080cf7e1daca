import MitoCore
import MitoTrace

/// What the world did to a context, a link or a frame.
///
/// Words that a node acts on have no sentence: what the node does is told.
struct WorldWords {
    let trace: Trace
    /// A record that is of the world.
    let position: Int

    /// `the link of web is cut, upwards`; nil where nothing is to be told.
    var sentence: String? {
        let event = trace.records[position].event
        let whom = name(event.subject)
        let way = event.text.hasSuffix(" up") ? ", upwards" : event.text.hasSuffix(" down") ? ", downwards" : ""
        return switch event.deed {
        case "kill": "\(whom) is killed"
        case "freeze": "\(whom) is frozen"
        case "thaw": "\(whom) goes on"
        case "restart": "\(whom) is started again"
        case "cut": "the link of \(whom) is cut\(way)"
        case "reset": "the link of \(whom) is torn"
        case "mend": "the link of \(whom) is mended"
        case "hold": "the link of \(whom) is held\(way)"
        case "release": "the link of \(whom) is released\(way)"
        case "set-link": "the link of \(whom) becomes another one"
        case "skew": "the clock of \(whom) goes wrong"
        case "spoof": forgery(by: event.subject)
        case "select": "\(whom) waits for the first of \(event.names.joined(separator: ", "))"
        case "receive": "\(whom) receives at handle \(event.names.joined())"
        case "frame" where event.ordinal > 0: frameDeed(event)
        default: nil
        }
    }

    /// What happened to one frame on its way.
    private func frameDeed(_ event: Event) -> String? {
        let what: String? =
            switch event.text.split(separator: " ").dropFirst().first {
            case "delayed": "is delayed"
            case "dropped": "is lost"
            case "duplicated": "is doubled"
            case "corrupted": "is damaged"
            case "overtakes": "overtakes those ahead"
            default: nil
            }
        return what.map {
            "a message from \(name(event.source)) to \(name(event.destination)) \($0) on \(name(event.link))'s link"
        }
    }

    /// What a context was made to send, which the records that follow say.
    private func forgery(by culprit: ContextID) -> String {
        let message = trace.records[position..<trace.end].prefix(Self.forgerySpan).first {
            $0.context == culprit && $0.event.kind == .frameOut && $0.event.source != culprit
        }?.event
        guard let message else { return "\(name(culprit)) forges a message" }
        return "\(name(culprit)) sends \(name(message.destination)) a message in \(name(message.source))'s name"
    }

    private func name(_ context: ContextID) -> String { trace.name(context) }

    private static let forgerySpan = 8
}

extension Event {
    /// Was a context made to send a message in another's name?
    var isForgery: Bool { isOfTheWorld && deed == "spoof" }
}
