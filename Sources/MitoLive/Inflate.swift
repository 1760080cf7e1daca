import CZlib

/// Reads a zlib stream that a peer sent.
enum Inflate {
    /// The most text that a preamble may hold: a hundred times what Python's own is.
    static let textBytesMax = 16 * 1024 * 1024

    /// The text of one complete zlib stream.
    ///
    /// - Returns: nil when the bytes are no zlib stream, end early, have something behind them, or hold more than
    ///   `limit` bytes of text.
    static func text(of stream: [UInt8], limit: Int = textBytesMax) -> [UInt8]? {
        var state = z_stream()
        guard inflateInit_(&state, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&state) }
        var input = stream
        var text: [UInt8] = []
        return input.withUnsafeMutableBufferPointer { source in
            state.next_in = source.baseAddress
            state.avail_in = UInt32(clamping: source.count)
            while true {
                let (chunk, status) = next(&state)
                text += chunk
                switch status {
                case Z_STREAM_END: return text.count <= limit && state.avail_in == 0 ? text : nil
                case Z_OK where text.count <= limit && !(chunk.isEmpty && state.avail_in == 0): continue
                default: return nil
                }
            }
        }
    }

    /// Up to 64 KiB more.
    private static func next(_ state: inout z_stream) -> ([UInt8], Int32) {
        let room = 64 * 1024
        var status = Z_OK
        let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            state.next_out = buffer.baseAddress
            state.avail_out = UInt32(room)
            status = inflate(&state, Z_NO_FLUSH)
            count = room - Int(state.avail_out)
        }
        return (chunk, status)
    }
}
