/// A fast 64-bit hash of a payload, the same on every machine and in every run. Not for secrets or against forgery.
public enum PayloadDigest {
    public static func of(_ bytes: Span<UInt8>) -> UInt64 {
        unsafe bytes.withUnsafeBytes { bytes in
            var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
            var offset = 0
            while offset + 16 <= bytes.count {
                hash = unsafe folded(hash ^ word(bytes, at: offset), word(bytes, at: offset + 8))
                offset += 16
            }
            guard offset < bytes.count else { return mixed(hash) }
            // What is left of a longer payload is read together with what lies before it: that costs no loop.
            if bytes.count >= 16 {
                return unsafe mixed(folded(hash ^ word(bytes, at: bytes.count - 16), word(bytes, at: bytes.count - 8)))
            }
            if bytes.count >= 8 {
                return unsafe mixed(folded(hash ^ word(bytes, at: 0), word(bytes, at: bytes.count - 8)))
            }
            var tail: UInt64 = 0
            for place in 0..<bytes.count { tail = unsafe tail << 8 | UInt64(bytes[place]) }
            return mixed(hash ^ tail)
        }
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Two words in one: the halves of a full multiplication, laid over each other and over the first.
    @inline(__always)
    private static func folded(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let product = (first ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: second ^ 0xE703_7ED1_A0B4_28DB)
        return (product.high ^ product.low) &+ (first << 23 | first >> 41)
    }

    /// Spreads every bit of `word` over all 64.
    @inline(__always)
    static func mixed(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ (word >> 32)) &* 0xD6E8_FEB8_6659_FD93
        word = (word ^ (word >> 29)) &* 0xA24B_AED4_963E_E407
        return word ^ (word >> 32)
    }
}
