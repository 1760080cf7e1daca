import Foundation
import MitoCore
import MitoLinux
import Testing

@testable import MitoLab

/// Programs that are started over TCP, with the programs `mito-lab host` and `mito-lab dial` over the loopback.
@Suite(.timeLimit(.minutes(2))) struct DialTests {
    @Test func `a program's stdin, stdout, stderr and status are those of who dials`() throws {
        let host = try LoopbackHost(running: "read line; echo \"$line $1\"; echo oops >&2; exit 7")
        let result = try host.dial(["there"], input: "hello\n")
        #expect(result.output == "hello there\n" && result.errors == "oops\n")
        #expect(result.reason == .exit && result.status == 7)
    }

    @Test func `a signal that ends the program ends who dials`() throws {
        let result = try LoopbackHost(running: "kill -9 $$").dial([])
        #expect(result.reason == .uncaughtSignal && result.status == SIGKILL)
    }

    @Test func `a signal for who dials is the program's`() throws {
        let host = try LoopbackHost(running: "trap 'echo caught; exit 3' TERM; echo up; while :; do sleep 0.05; done")
        let dialler = try host.start([])
        #expect(dialler.readLine() == "up")
        dialler.process.terminate()
        #expect(dialler.readLine() == "caught")
        dialler.process.waitUntilExit()
        #expect(dialler.process.terminationStatus == 3)
    }

    @Test func `the end of the input is the program's, and what it says afterwards still comes`() throws {
        let result = try LoopbackHost(running: "wc -c").dial([], input: String(repeating: "x", count: 3_000_000))
        #expect(result.output.trimmingCharacters(in: .whitespaces) == "3000000\n")
    }

    @Test func `where nobody reads what the program says on stderr, it waits, and fills no memory`() throws {
        let host = try LoopbackHost(running: "echo up; read line; head -c 200000000 /dev/zero >&2")
        let dialler = try host.start([])
        #expect(dialler.readLine() == "up")
        // A pipe that others have filled.
        let folder = "/proc/\(dialler.process.processIdentifier)"
        let other = try #require(FileHandle(forWritingAtPath: "\(folder)/fd/2"))
        try other.write(contentsOf: Data(count: 65536))
        try dialler.input.fileHandleForWriting.write(contentsOf: Data("go on\n".utf8))
        Thread.sleep(forTimeInterval: 0.5)
        let status = try String(contentsOfFile: "\(folder)/status", encoding: .utf8)
        let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let kibibytes = peak?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        #expect(try #require(kibibytes) < 64 * 1024)
        try other.close()
        #expect(try dialler.errors.fileHandleForReading.readToEnd()?.count == 200_065_536)
    }

    @Test func `the environment is carried, but for the host's own trace`() throws {
        let host = try LoopbackHost(
            running: "echo $COLOUR $MITOSCOPE_TRACE", environment: ["MITOSCOPE_TRACE": "/own"])
        #expect(try host.dial([], environment: ["COLOUR": "red", "MITOSCOPE_TRACE": "/theirs"]).output == "red /own\n")
    }

    @Test func `a program ends soon after who dials was killed`() throws {
        let host = try LoopbackHost(running: "echo $$; exec sleep 1000")
        let dialler = try host.start([])
        let program = try #require(dialler.readLine().flatMap { pid_t($0) })
        kill(dialler.process.processIdentifier, SIGKILL)
        #expect(isGone(program))
    }

    @Test func `a program that has made a session of its own lives on`() throws {
        let host = try LoopbackHost(running: "exec setsid sh -c 'echo $$; exec 0<&- 1>&-; exec sleep 1000' ")
        let dialler = try host.start([])
        let program = try #require(dialler.readLine().flatMap { pid_t($0) })
        kill(dialler.process.processIdentifier, SIGKILL)
        // Longer than a program is left that has lost its caller.
        Thread.sleep(forTimeInterval: 1.5)
        #expect(kill(program, 0) == 0)
        kill(program, SIGKILL)
    }

    @Test func `programs end with their host`() throws {
        let host = try LoopbackHost(running: "echo $$; exec sleep 1000")
        let dialler = try host.start([])
        let program = try #require(dialler.readLine().flatMap { pid_t($0) })
        host.kill()
        #expect(isGone(program))
        dialler.process.waitUntilExit()
        #expect(dialler.process.terminationStatus == 255)
    }

    @Test func `without the key nothing is started`() throws {
        let host = try LoopbackHost(running: "echo no")
        let result = try host.dial([], key: LabKey().secret)
        #expect(result.output == "" && result.status == 255)
        #expect(result.errors.contains("the host has closed the connection"))
    }

    @Test func `a program that is not there is 127, one that cannot be run 126`() throws {
        #expect(try LoopbackHost(image: "/nonexistent/program").dial([]).status == 127)
        #expect(try LoopbackHost(image: "/etc").dial([]).status == 126)
    }

    @Test func `what is no request is cut off, and the host goes on`() throws {
        let host = try LoopbackHost(running: "echo fine")
        let key = try LabKey(file: host.keyFile)
        let token = [UInt8](repeating: 1, count: StartRequest.Preface.tokenBytes)
        let control = StartRequest.Preface(.control, key: key, token: token).encoded
        let stream = StartRequest.Preface(.stream, key: key, token: token).encoded
        var hostile: [[UInt8]] = [
            [], [0], Array("GET / HTTP/1.1\r\n\r\n".utf8), [UInt8](repeating: 255, count: 100_000), control, stream,
            control + [0xFF, 0xFF, 0xFF, 0xFF], control + ValueReader.frame(5), control + ValueReader.frame(.list([])),
            control + ValueReader.frame(.list([.list(["a\0b"]), .list([])])),
        ]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            hostile.append((0..<Int.random(in: 1...200)).map { _ in .random(in: 0...255, using: &random) })
        }
        let sockets = try hostile.map { bytes in
            let socket = Shared(try TCPSocket.connecting(to: 0x7F00_0001, port: host.port))
            try socket.value.setNonblocking(false)
            _ = try? socket.value.writeAll(bytes)
            return socket
        }
        #expect(try host.dial([]).output == "fine\n")
        _ = sockets
    }

    private func isGone(_ program: pid_t) -> Bool {
        for _ in 0..<500 {
            if Glibc.kill(program, 0) != 0 { return true }
            Thread.sleep(forTimeInterval: 0.01)
        }
        return false
    }
}
