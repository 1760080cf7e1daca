import CMitoLinux
import Glibc

/// Descriptors that go through a unix socket together with bytes.
extension FileDescriptor {
    /// More at once do not go through.
    public static let descriptorsMax = Int(MITO_DESCRIPTORS_MAX)

    /// Sends `bytes`, those before `start` excepted, once, and with the first of them copies of descriptors.
    public borrowing func send(
        _ bytes: [UInt8], from start: Int = 0, with descriptors: [Int32]
    ) throws(SystemError) -> Transfer {
        let number = number
        guard start < bytes.count else { return .bytes(0) }
        return try bytes.withUnsafeBytes { bytes in
            Result { () throws(SystemError) in
                try transfer("sendmsg") {
                    mito_send_descriptors(
                        number, bytes.baseAddress! + start, bytes.count - start, descriptors, Int32(descriptors.count))
                }
            }
        }.get()
    }

    /// Reads into `buffer` once; the descriptors that came along belong to the caller now.
    public borrowing func receive(
        into buffer: inout [UInt8], with descriptors: inout [Int32]
    ) throws(SystemError) -> Transfer {
        let number = number
        var came = [Int32](repeating: -1, count: Self.descriptorsMax)
        var count: Int32 = 0
        let moved = buffer.withUnsafeMutableBytes { room in
            Result { () throws(SystemError) in
                try transfer("recvmsg") {
                    mito_receive_descriptors(number, room.baseAddress, room.count, &came, &count)
                }
            }
        }
        descriptors += came[..<Int(count)]
        return try moved.get()
    }
}
