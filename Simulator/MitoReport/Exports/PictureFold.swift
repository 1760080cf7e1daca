import MitoCore

/// Many marks of one sort as one: the items of a stream, the lines of a log. Each is like the one before, and what
/// matters is how many there are, and when the first and the last one went.
extension [PictureMark] {
    /// The same marks, with one in place of each such series, where its first one was.
    var folded: [PictureMark] {
        var members: [Series: [Int]] = [:]
        for index in indices {
            if let series = Series(self[index]) { members[series, default: []].append(index) }
        }
        return indices.compactMap { index in
            guard let series = Series(self[index]), let all = members[series], all.count >= Self.seriesMin else {
                return self[index]
            }
            return index == all[0] ? series.mark(of: all.map { self[$0] }) : nil
        }
    }

    /// Fewer can be followed one by one.
    private static var seriesMin: Int { 5 }
}

/// What marks have in common that are drawn as one.
private enum Series: Hashable {
    case hops(from: ContextID, to: ContextID, PictureMark.Sort, PictureMark.MessageName)
    case lines(ContextID, String)

    /// Nil for a mark that is not one of many, and for what did not come in: that stands by itself.
    init?(_ mark: PictureMark) {
        switch mark.shape {
        case .hop(let hop) where [.item, .log].contains(hop.sort) && hop.arrival != nil:
            self = .hops(from: hop.sender, to: hop.receiver, hop.sort, hop.message)
        case .note(let context, let text) where mark.kind == .logs: self = .lines(context, text)
        case .hop, .note: return nil
        }
    }

    /// `marks` are its members, at least one.
    func mark(of marks: [PictureMark]) -> PictureMark {
        var mark = marks[0]
        mark.count = marks.count
        switch (mark.shape, marks[marks.count - 1].shape) {
        case (.hop(var hop), .hop(let last)):
            hop.label = hop.sort == .log ? "\(marks.count) lines of log" : "\(marks.count) items"
            hop.last = last.arrival.map { (marks[marks.count - 1].position, $0) }
            mark.shape = .hop(hop)
        case (.note(let context, let text), _): mark.shape = .note(context, "\(marks.count) times: \(text)")
        case (.hop, .note): break
        }
        return mark
    }
}
