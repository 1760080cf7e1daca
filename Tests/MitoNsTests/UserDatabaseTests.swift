import Testing

@testable import MitoNamespaces

@Suite struct UserDatabaseTests {
    @Test func `lines that are none are passed over`() {
        let database = UserDatabase(
            users: "\n#\nweb:x:1:2:a:/w:/bin/sh\n+::::::\n:x:1:1:::\nbad:x:-1:1:::\nbig:x:4294967296:1:::\nshort:x:1\n",
            groups: "www:x:2:a,b\nbad:x::\nlong:x:1:a:b\n")
        #expect(database.users.map(\.name) == ["web"])
        #expect(database.groups == [UserDatabase.Group(name: "www", number: 2, members: ["a", "b"])])
    }

    @Test func `a number is never taken for a name`() throws {
        let database = UserDatabase(users: "1000:x:0:0::/root:/bin/sh\nweb:x:1000:5::/home/web:\n", groups: "7:x:0:\n")
        let identity = try Identity(UserName(user: "1000", group: "7"), groups: nil, in: database)
        #expect(identity.user == 1000 && identity.group == 7)
        #expect(identity.environment.first { $0.name == "USER" }?.value == "web")
    }

    @Test func `the number that means nobody to the kernel is refused`() {
        let database = UserDatabase(users: "all:x:4294967295:0::/:\n", groups: "all:x:4294967295:\n")
        #expect(throws: Refusal.self) { try Identity(UserName(user: "all"), groups: nil, in: database) }
        #expect(throws: Refusal.self) { try Identity(UserName(user: "1", group: "all"), groups: nil, in: database) }
    }
}
