import MitoReport
import Testing

@testable import MitoScenario

/// Every mistake is named with its line, its column, and what was probably meant.
struct MalformedFilesTests {
    /// A file with one mistake, and the error that it must give.
    struct Mistake: CustomTestStringConvertible {
        var text: String
        var error: String
        var testDescription: String { error }
    }

    private static let head = "mitoscope: 1\ntitle: t\n"
    private static let tree = head + "contexts: { web: {}, db: { via: web } }\n"
    private static let called = tree + "story: [ { call: db.echo, as: x } ]\n"

    static let mistakes: [Mistake] = [
        Mistake(text: "", error: "f:1:1: the file is empty"),
        Mistake(text: "just text", error: "f:1:1: a scenario is a mapping, not 'just text'"),
        Mistake(text: head + "storey: []\n", error: "f:3:1: unknown key in a scenario 'storey': did you mean 'story'?"),
        Mistake(
            text: "title: t\nstory: [ { call: a } ]", error: "f:1:1: 'mitoscope' is missing: for example `mitoscope: 1`"
        ),
        Mistake(
            text: "mitoscope: 2\n",
            error: "f:1:12: the scenario has version 2: this program reads 1, a newer one is needed"),
        Mistake(text: head + "title: again\n", error: "f:3:1: duplicate key 'title'"),
        Mistake(text: head + "\"title\": again\n", error: "f:3:1: duplicate key 'title'"),
        Mistake(
            text: tree + "story: [ { cal: db.echo } ]\n",
            error: "f:4:12: unknown story word 'cal': did you mean 'call'?"),
        Mistake(
            text: tree + "story: [ { call: db.echo, tiemout: 5s } ]\n",
            error: "f:4:27: unknown key in 'call' 'tiemout': did you mean 'timeout'?"),
        Mistake(
            text: tree + "story: [ { call: db.echo, timeout: 5 } ]\n",
            error: "f:4:36: timeout has no unit: '5': a duration has a unit: 5s or 5ms"),
        Mistake(
            text: tree + "story: [ { call: db.echo, timeout: 1.5 } ]\n",
            error: "f:4:36: timeout has no unit: '1.5': a duration has a unit: 1.5s or 1.5ms"),
        Mistake(
            text: tree + "story: [ { call: db.echo, timeout: 1.5ns } ]\n",
            error: "f:4:36: timeout has too many digits: '1.5ns': time is in whole nanoseconds"),
        Mistake(
            text: tree + "story: []\nexpect: [ { outcome: { leak: { because: foo } } } ]\n",
            error: "f:5:41: unknown cause 'foo': known: "
                + Explanation.Cause.allCases.map(\.rawValue).joined(separator: ", ")),
        Mistake(
            text: tree + "story: [ { call: db.echo, timeout: 5sec } ]\n",
            error: "f:4:36: unknown unit 'sec': known: ns, us, ms, s, min, h"),
        Mistake(
            text: tree + "story: [ { call: db.echo, timeout: [5s] } ]\n",
            error: "f:4:36: timeout is a duration such as 250ms, not a list"),
        Mistake(
            text: tree + "story: [ { call: bd.echo } ]\n", error: "f:4:18: unknown context 'bd': did you mean 'db'?"),
        Mistake(
            text: tree + "story: [ { call: db.ecco } ]\n",
            error: "f:4:18: unknown function of db 'ecco': did you mean 'echo'?"),
        Mistake(
            text: tree + "story: [ { call: db } ]\n",
            error: "f:4:18: 'db' names no function: write context.function: db.echo"),
        Mistake(
            text: tree + "story: [ { call: db.echo, as: Report } ]\n",
            error: "f:4:31: bad name 'Report': a name is [a-z][a-z0-9-]*, at most 63 letters"),
        Mistake(
            text: tree + "story: [ { call: db.echo, as: x }, { kill: db, as: x } ]\n",
            error: "f:4:52: the name 'x' is taken: names given with `as` are unique in the file"),
        Mistake(
            text: tree + "story: [ { call: db.echo, as: order } ]\n",
            error: "f:4:31: 'order' is a word of `expect`: take another name"),
        Mistake(
            text: tree + "story: [ { kill: db, after: { x: ended } }, { call: db.echo, as: x } ]\n",
            error: "f:4:31: 'x' is not earlier in the story: an entry waits for one before it"),
        Mistake(
            text: called + "expect: [ { y: { returns: 1 } } ]\n",
            error: "f:5:13: unknown expectation or name 'y': did you mean 'x'?"),
        Mistake(
            text: called + "expect: [ { x: { fails: ChanelError } } ]\n",
            error: "f:5:25: unknown error 'ChanelError': did you mean 'ChannelError'?"),
        Mistake(
            text: called + "expect: [ { x: { within: 5s after death } } ]\n",
            error: "f:5:26: within is a duration of a name: 100ms of death, not '5s after death'"),
        Mistake(
            text: called + "expect: [ { routes: { web: { had: [db] } } } ]\n",
            error: "f:5:30: unknown key in routes 'had': did you mean 'has'?"),
        Mistake(
            text: head + "contexts: { a: { via: b }, b: { via: a } }\nstory: [ { kill: a } ]\n",
            error: "f:3:13: `via` goes in a circle: a via b: every context hangs on master"),
        Mistake(
            text: head + "link: { dealy: 5ms }\nstory: []\n",
            error: "f:3:9: unknown key in a link 'dealy': did you mean 'delay'?"),
        Mistake(
            text: head + "link: { loss: 3/2 }\nstory: []\n",
            error: "f:3:15: loss is more than 1: for example 1/20"),
        Mistake(
            text: head + "link: { up: { loss: often } }\nstory: []\n",
            error: "f:3:21: loss is a ratio such as 1/20, not 'often'"),
        Mistake(
            text: head + "link: { retransmit: 1s }\nstory: []\n",
            error: "f:3:9: nothing is lost, so nothing is sent again: `loss` or `burst` says what is"),
        Mistake(
            text: head + "link: { bandwidth: 10mb/s }\nstory: []\n",
            error: "f:3:20: unknown unit 'mb': known: B, kB, KiB, MB, MiB, GB, GiB"),
        Mistake(
            text: head + "link: { bandwidth: 0B/s }\nstory: []\n",
            error: "f:3:20: a link without bandwidth is a cut link: `cut` cuts a link"),
        Mistake(
            text: head + "link: { queue: 64 }\nstory: []\n",
            error: "f:3:16: unknown unit '': did you mean 'B'?"),
        Mistake(
            text: head + "link: { delay: { normal: 5ms } }\nstory: []\n",
            error: "f:3:16: 'deviation' is missing: for example `deviation: 5ms`"),
        Mistake(
            text: head + "link: { delay: { exponential: 5ms, floor: 6ms } }\nstory: []\n",
            error: "f:3:31: the mean 5ms is less than the floor 6ms"),
        Mistake(
            text: head + "link: { burst: { enter: 1/9, leave: 0 } }\nstory: []\n",
            error: "f:3:37: a burst that never ends is a cut: `cut` cuts a link"),
        Mistake(
            text: tree + "story: [ { cut: web, way: upp } ]\n", error: "f:4:27: unknown way 'upp': did you mean 'up'?"),
        Mistake(
            text: tree + "story: [ { cut: master } ]\n",
            error: "f:4:17: there is no link above master: name another context"),
        Mistake(
            text: tree + "story: [ { drop: { kind: cal } } ]\n",
            error: "f:4:26: unknown kind 'cal': did you mean 'call'?"),
        Mistake(
            text: tree + "worlds: [sim, live]\nstory: [ { drop: { kind: call } } ]\n",
            error: "f:5:12: 'drop' is told in `sim` only: a live link knows bytes and no messages: worlds: [sim]"),
        Mistake(
            text: tree + "story: [ { skew: web, drift: -1 } ]\n",
            error: "f:4:30: a clock that does not go on is no clock: drift is more than -1"),
        Mistake(
            text: tree + "story: [ { kill: web, every: 1s, until: 9s, as: x } ]\n",
            error: "f:4:45: what is done again and again has no name: leave out `as`"),
        Mistake(
            text: tree + "story: [ { spoof: { from: web, to: db }, by: db } ]\n",
            error: "f:4:19: a forged reply needs a handle: for example `handle: 1000`"),
        Mistake(
            text: tree + "story: [ { send: web, value: 1 } ]\n",
            error: "f:4:12: 'handle' is missing: for example `handle: 500`"),
        Mistake(
            text: tree + "story: [ { send: web, handle: 999 } ]\n",
            error: "f:4:31: handle 999 is no handle: it marks dead messages"),
        Mistake(
            text: tree + "story: [ { send: web, handle: 500, from: web } ]\n",
            error: "f:4:18: web sends to itself: `from` names another context"),
        Mistake(
            text: tree + "story: [ { receive: web, handle: 101 } ]\n",
            error: "f:4:34: handle 101 is not free: from 200 to 899 all are"),
        Mistake(
            text: called + "expect: [ { x: { gives: x } } ]\n",
            error:
                "f:5:18: unknown key in an expectation about a call 'gives': known: returns, fails, saying, before, "
                + "within, took, path, items"),
        Mistake(
            text: tree + "story: [ { call: db.echo, as: x }, { select: [x, y], as: first } ]\n",
            error: "f:4:50: unknown name 'y': did you mean 'x'?"),
        Mistake(
            text: tree
                + "story: [ { call: db.echo, as: x }, { call: db.echo, from: web, as: y }, { select: [x, y] } ]\n",
            error: "f:4:83: 'x' comes to master and 'y' to web: a context selects among what comes to itself"),
        Mistake(
            text: tree + "story: [ { kill: db, as: x }, { select: [x] } ]\n",
            error: "f:4:41: nothing comes from 'x': name calls, streams and receivers"),
        Mistake(
            text: tree + "story: [ { kill: db, as: x }, { cancel: x } ]\n",
            error: "f:4:41: 'x' is not a call: only a call can be given up"),
        Mistake(
            text: tree + "story: [ { detach: master } ]\n",
            error: "f:4:20: master has no parent to leave: name another context"),
        Mistake(
            text: tree + "story: [ { log: web, text: hello, level: loud } ]\n",
            error: "f:4:42: unknown level 'loud': known: debug, info, warning, error, critical"),
        Mistake(
            text: tree + "story: [ { check: { clean: all } } ]\n",
            error: "f:4:21: 'clean' is about the whole run: put it under `expect`"),
        Mistake(
            text: tree + "story: [ { check: { route: { web: { has: [db] } } } } ]\n",
            error: "f:4:21: unknown expectation or name 'route': did you mean 'routes'?"),
        Mistake(
            text: tree + "story: [ { kill: db, as: x } ]\nexpect: [ { x: { returns: 1 } } ]\n",
            error: "f:5:18: unknown key in an expectation about what is no call 'returns': known: within, took"),
        Mistake(
            text: tree + "story: [ { call: web.spawn, args: [1, 2] } ]\n",
            error: "f:4:18: spawn takes the new context's name: for example `args: [kid]`"),
        Mistake(
            text: tree + "story: [ { call: web.relay, args: [bd, echo] } ]\n",
            error: "f:4:18: unknown context 'bd': did you mean 'db'?"),
        Mistake(
            text: tree + "worlds: [sim]\nstory: [ { call: web.run, args: [ls] } ]\n",
            error:
                "f:5:12: 'call' is told in `live, lab` only: a simulated context has no host that 'run' could work on: "
                + "worlds: [live, lab]"),
        Mistake(
            text: tree + "story: [ { call: web.time }, { drop: { kind: call } } ]\n",
            error: "f:4:32: 'drop' is told in `sim` only: a live link knows bytes and no messages: worlds: [sim]"),
        Mistake(
            text: head + "contexts: { web: { method: ssh } }\nstory: []\n",
            error: "f:3:28: no context can be started by 'ssh' yet: now there is: local"),
        Mistake(
            text: head + "contexts: { web: { method: shh } }\nstory: []\n",
            error: "f:3:28: unknown method 'shh': known: local"),
        Mistake(
            text: tree + "story: [ { call: db.echo, as: x }, { kill: db, after: [x, y] } ]\n",
            error: "f:4:59: unknown name 'y': did you mean 'x'?"),
        Mistake(
            text: tree + "story: [ { call: db.echo, as: x }, { kill: db, after: { x: begun } } ]\n",
            error: "f:4:60: unknown phase 'begun': known: running, ended"),
        Mistake(
            text: called + "expect: [ { outcome: limits } ]\n",
            error: "f:5:22: unknown outcome 'limits': did you mean 'limit'?"),
        Mistake(
            text: tree + "story: [ { drop: { kind: get-modul } } ]\n",
            error: "f:4:26: unknown kind 'get-modul': did you mean 'get-module'?"),
        Mistake(
            text: head + "contexts: { a: { via: a } }\nstory: [ { kill: a } ]\n",
            error: "f:3:18: a cannot start itself: `via` names its parent"),
        Mistake(
            text: "a: &x [1]\nb: *x\n",
            error: "f:2:4: anchors and aliases are not part of the language: write the value out"),
        Mistake(text: "a:\n  b: 1\n\tc: 2\n", error: "f:3:1: not YAML: a tab: YAML wants spaces"),
        Mistake(text: "a: 1\n\tb: 2\n", error: "f:2:1: not YAML: a tab: YAML wants spaces"),
        Mistake(
            text: "{\"mitoscope-trace\":1}\n{\"ctx\":1}\n",
            error: "f:1:1: this is a trace, and no scenario: try `mitoscope explain`"),
        Mistake(text: "a: [1\n", error: "f:2:1: not YAML: did not find expected ',' or ']'"),
        Mistake(text: "a: \u{1}\n", error: "f:1:4: not YAML: control characters are not allowed"),
        Mistake(
            text: called + "link: { delay: 9ms..1ms }\n", error: "f:5:16: the range '9ms..1ms' ends before it begins"),
        Mistake(
            text: called + "worlds: [simm]\n", error: "f:5:10: unknown world 'simm': did you mean 'sim'?"),
        Mistake(
            text: tree + "story: [ { call: db.echo, args: [99999999999999999999] } ]\n",
            error: "f:4:34: the number 99999999999999999999 needs more than 64 bits: quote it to make it text"),
    ]

    @Test(arguments: mistakes)
    func `a mistake is named with its place and what was meant`(mistake: Mistake) {
        let errors = errors(in: mistake.text)
        #expect(errors.contains(mistake.error), "\(errors)")
    }

    @Test func `all mistakes of a file are told, in its order`() {
        let text =
            Self.head
            + "contexts: { web: { vai: master } }\nstory:\n  - { cal: web.echo }\n  - { call: web.echo, at: 5 }\n"
        #expect(errors(in: text).map { $0.prefix { $0 != " " } } == ["f:3:20:", "f:5:7:", "f:6:27:"])
    }

    @Test func `a duplicate key hides no other mistake`() {
        let found = errors(in: Self.head + "title: u\nseed: x\ntitle: v\n")
        #expect(found.contains("f:3:1: duplicate key 'title'"))
        #expect(found.contains("f:5:1: duplicate key 'title'"))
        #expect(found.contains { $0.hasPrefix("f:4:7: seed is a whole number") })
    }
}

/// Hostile files end in an error, soon.
struct HostileFilesTests {
    @Test func `nested aliases in a key are refused before they are read`() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(errors(in: text + "? *a60\n: 1\n").count == 1)
        #expect(errors(in: text + "? {\"k\":*a60}\n: 1\n").count == 1)
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func `deep nesting is an error`(opening: String) {
        #expect(!errors(in: String(repeating: opening, count: 100_000)).isEmpty)
        #expect(!errors(in: String(repeating: opening, count: 500)).isEmpty)
    }

    @Test func `nesting that is closed again is an error past the limit`() {
        let text = "mitoscope: 1\ntitle: " + String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        #expect(errors(in: text).contains { $0.contains("nested deeper than 32 levels") })
    }

    @Test func `bytes that are no text are an error`() {
        #expect(errors(in: [0xFF, 0xFE, 0x00, 0x41]) == ["f:1:1: the file is not text: scenarios are UTF-8"])
        #expect(!errors(in: [UInt8](repeating: 0, count: 1000)).isEmpty)
    }

    @Test func `a huge file is not read`() {
        let found = errors(in: [UInt8](repeating: 0x61, count: 2 << 20))
        #expect(found == ["f:1:1: the file is too long: at most 1048576 bytes are read"])
    }

    @Test func `a file of nothing but mistakes gives a bounded list`() {
        let text = (0..<5000).map { "key\($0): 1\n" }.joined()
        #expect(errors(in: text).count <= 100)
    }

    @Test func `a thousand equal keys end soon`() {
        #expect(!errors(in: String(repeating: "title: t\n", count: 1000)).isEmpty)
    }

    @Test func `a lesson with bytes changed is either read or refused`() {
        let lesson = Array(Fixtures.lesson.utf8)
        let letters = Array("{}[]:,-#&*!|>'\"%@`? \n\t0a\u{7F}".utf8)
        var state: UInt64 = 1
        for _ in 0..<2000 {
            var bytes = lesson
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let place = Int(state >> 33) % bytes.count
                bytes[place] = letters[Int(state >> 20) % letters.count]
            }
            _ = errors(in: bytes)
        }
    }

    @Test func `every prefix of a lesson is either read or refused`() throws {
        let lesson = Array(Fixtures.lesson.utf8)
        for length in stride(from: 0, to: lesson.count, by: 7) { _ = errors(in: Array(lesson[..<length])) }
    }
}

/// The errors of a file named `f`, one line for each; none when it reads.
func errors(in text: String) -> [String] { errors(in: Array(text.utf8)) }

func errors(in bytes: [UInt8]) -> [String] {
    do throws(ScenarioErrors) {
        _ = try Scenario(reading: bytes, file: "f")
        return []
    } catch {
        return error.errors.map(\.description)
    }
}
