import Foundation
import MitoCore
import Mitoscope
import Testing

/// What Swift programs send, as Python sees it.
@Suite struct PythonReadingTests {
    private struct Host: Codable {
        var name = "web1"
        var ports: Set<UInt16> = [443, 80]
        var load = [0.5, 1.25]
        var free = UInt64.max
        var key: [UInt8] = [0, 255]
        var parent: String?
        var tags = ["b": true, "a": false]
        var colour = Thing.Colour.green
    }

    @Test func `Python reads structs, numbers, bytes and sets as the table says`() async throws {
        let pickle = try ValueEncoder().encode([Host()]).pickled()
        let hexadecimal = pickle.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let script = "import pickle, sys; print(pickle.loads(bytes.fromhex(sys.argv[1]), encoding='bytes'))"
        #expect(
            try await python(script, hexadecimal) == """
                [{'name': 'web1', 'ports': [80, 443], 'load': [0.5, 1.25], 'free': 18446744073709551615, \
                'key': b'\\x00\\xff', 'tags': {'a': False, 'b': True}, 'colour': 'green'}]

                """)
    }

    private func python(_ script: String, _ argument: String) async throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, argument]
        process.standardOutput = output
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do { try process.run() } catch { ended.resume(throwing: error) }
        }
        return String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
}
