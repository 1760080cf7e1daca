import MitoCore

/// Finds where frames begin and end in what a context writes to a link, knowing nothing of a frame but its length
/// field.
///
/// A context writes whole frames, so that every unit lies whole in one write.
///
/// ```swift
/// var walk = FrameWalk(before: .greeting)
/// let unit = walk.next(in: bytes, from: 0)
/// ```
public struct FrameWalk: Hashable, Sendable {
    /// What stands before the first frame.
    public enum Preface: Hashable, Sendable {
        /// Towards a child: a preamble of so many bytes.
        case preamble(Int)
        /// Towards a parent: lines, the last of which says that the child is up.
        case greeting
        case none
    }

    /// What is delayed as one.
    public struct Unit: Hashable, Sendable {
        /// The index after its last byte.
        public var end: Int
        /// Is it a frame, and not a part of the handshake?
        public var isFrame: Bool
    }

    public init(before preface: Preface) { self.preface = preface }

    /// The unit that begins at `start`, which is an index of `bytes`.
    public mutating func next(in bytes: Span<UInt8>, from start: Int) -> Unit {
        switch preface {
        case .none:
            return frame(in: bytes, from: start)
        case .preamble(let left):
            let length = min(left, bytes.count - start)
            preface = length == left ? .none : .preamble(left - length)
            return Unit(end: start + length, isFrame: false)
        case .greeting:
            let end = endOfLine(in: bytes, from: start)
            if isLastLine(bytes.extracting(start..<end)) { preface = .none }
            return Unit(end: end, isFrame: false)
        }
    }

    private var preface: Preface

    private func frame(in bytes: Span<UInt8>, from start: Int) -> Unit {
        precondition(bytes.count - start >= FrameHeader.byteCount, "a link is written whole frames: here a header ends")
        var length = 0
        for index in start + Self.lengthOffset..<start + FrameHeader.byteCount {
            length = length << 8 | Int(bytes[index])
        }
        let end = start + FrameHeader.byteCount + length
        precondition(end <= bytes.count, "a link is written whole frames: here a payload ends")
        return Unit(end: end, isFrame: true)
    }

    private func endOfLine(in bytes: Span<UInt8>, from start: Int) -> Int {
        for index in start..<bytes.count where bytes[index] == UInt8(ascii: "\n") { return index + 1 }
        return bytes.count
    }

    private func isLastLine(_ line: Span<UInt8>) -> Bool {
        guard line.count == Self.lastLine.count else { return false }
        return line.indices.allSatisfy { line[$0] == Self.lastLine[$0] }
    }

    private static let lengthOffset = 22
    private static let lastLine = Array("MITO002\n".utf8)
}
