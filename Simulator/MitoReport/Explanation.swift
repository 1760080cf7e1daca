import MitoTrace

/// Why somebody waits, waited until its own time was over, or keeps busy for nothing, and what was left behind: for
/// people as `text`, for programs as `json`, as a picture as `mermaid`.
///
///     print(Explainer(trace).explanation?.text ?? "at rest")
public struct Explanation: Hashable, Sendable {
    public var verdict: Quiescence.Verdict
    /// Who waits, by name, for which function, of whom; no function when that context is only to come up. Of a livelock
    /// or a leak nobody may wait: then it is empty.
    public var waits: String
    public var function: String
    public var on: String
    /// The context that had the message or the notice when it was last seen, or in which a function does not end.
    public var lostAt: String
    public var because: Cause
    /// What is the matter, in one line.
    public var headline: String
    /// The true cause, told in at most three sentences.
    public var story: [String]
    /// What to do now.
    public var remedy: String
    /// How one knows: who waits on whom, and the ways of request, reply and notice.
    public var chain: [String]
    /// How others who wait are explained, one line each.
    public var others: [String]
    /// Who waits on whom, and how far the message or the notice came.
    public var picture: WaitPicture

    /// What keeps this from happening.
    public var prevention: String { because.prevention }

    /// The whole explanation for people; its first five lines name the true cause.
    public var text: String {
        var lines = [headline] + story + ["What to do: \(remedy)", "Prevention: \(prevention)"]
        if !chain.isEmpty { lines += ["", "How we know:"] + chain.map { "  \($0)" } }
        if !others.isEmpty { lines += ["", "Others who wait:"] + others.map { "  \($0)" } }
        return lines.joined(separator: "\n")
    }

    /// The same as one JSON object.
    public var json: String {
        var json = JSONText()
        json.beginObject()
        json.field("verdict", verdict.rawValue)
        json.field("waits", waits)
        json.field("function", function)
        json.field("on", on)
        json.field("lost-at", lostAt)
        json.field("because", because.rawValue)
        json.field("headline", headline)
        json.field("story", story)
        json.field("remedy", remedy)
        json.field("prevention", prevention)
        json.field("chain", chain)
        json.field("others", others)
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Who waits on whom and where it was lost, as a Mermaid flow chart.
    public var mermaid: String { picture.mermaid }
}

extension JSONText {
    mutating func field(_ key: String, _ text: String) {
        self.key(key)
        value(text)
    }

    mutating func field(_ key: String, _ texts: [String]) {
        self.key(key)
        beginArray()
        for text in texts { value(text) }
        endArray()
    }
}
