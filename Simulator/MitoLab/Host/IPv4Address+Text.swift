extension IPv4Address {
    /// Nil when the text is not four numbers of at most 255, with dots between them.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard part.utf8.count <= 3, part.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains),
                let byte = UInt8(part)
            else { return nil }
            number = number << 8 | UInt32(byte)
        }
        self.init(number)
    }
}
