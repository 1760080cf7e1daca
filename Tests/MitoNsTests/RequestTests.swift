import MitoLinux
import Testing

@testable import MitoNamespaces

/// The command line, before anything is opened.
@Suite struct RequestTests {
    @Test func `everything that can be said of a process is read`() throws {
        let words = "enter --pid 7 --only net,uts --user web:www --groups none --die-with-parent -- id --pid 8"
        let request = try RequestParser.parse(words.split(separator: " ").map(String.init))
        guard case .enter(let entry) = request.verb else { throw Refusal.usage("not entered") }
        #expect(entry.process == .pid(7))
        #expect(entry.only == [.net, .uts])
        #expect(request.manner.user == UserName(user: "web", group: "www"))
        #expect(request.manner.groups == [])
        #expect(request.manner.diesWithParent)
        #expect(request.program == ["id", "--pid", "8"])
    }

    @Test(arguments: [
        "", "leave -- x", "enter -- x", "enter --pid 7", "enter --pid 7 --", "enter --pid -7 -- x",
        "enter --pid 0 -- x",
        "enter --pid 7x -- x", "enter --pid 99999999999 -- x", "enter --pid --", "enter --pid 7 --only -- x",
        "enter --pid 7 --only nets -- x", "enter --only net --namespace net=/x -- x", "enter --namespace net -- x",
        "enter --namespace net= -- x", "enter --namespace net=5 -- x", "enter --namespace =/x -- x",
        "enter --pid 7 --new net -- x", "create -- x", "create --new -- x", "create --new net --hostname a -- x",
        "create --new net --mount-proc -- x", "create --new net --map-user 0:0:1 -- x",
        "create --new user --map-user 0:0:0 -- x", "create --new user --map-user 0:0:-1 -- x",
        "create --new user --map-user 0:0 -- x", "create --new user --map-user 4294967295:0:1 -- x",
        "enter --pid 7 --user : -- x", "enter --pid 7 --user a:b:c -- x", "enter --pid 7 --groups a -- x",
        "enter --pid 7 --keep-capability everything -- x", "enter --pid 7 --keep-capability 99 -- x",
    ])
    func `a command line that makes no sense is refused as such`(line: String) {
        let refusal = #expect(throws: Refusal.self) {
            try RequestParser.parse(line.split(separator: " ").map(String.init))
        }
        #expect(refusal?.status == 64)
    }

    @Test func `a report is one line, whatever the names in it`() {
        let report = Refusal.usage("`a\nb\u{1b}c` is no option").report
        #expect(report == "arguments 22 `a?b?c` is no option\n")
    }
}
