/// A user as the command line names him: `web`, `1000`, `1000:33`, `web:www-data`.
struct UserName: Equatable {
    var user: String
    var group: String?

    init(user: String, group: String? = nil) {
        self.user = user
        self.group = group
    }

    /// nil when it cannot be a user.
    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy({ !$0.isEmpty && !$0.contains(where: { $0 == ":" || $0 == "\n" }) }) else { return nil }
        self.init(user: parts[0], group: parts.count == 2 ? parts[1] : nil)
    }
}
