import Glibc
import MitoLinux
import Testing

@testable import MitoLab

/// Whoever is first has an abstract socket's name, whomever it was meant for.
@Suite(.timeLimit(.minutes(1))) struct FalseLabTests {
    private static let perl = "/usr/bin/perl"

    @Test(.enabled(if: geteuid() == 0 && Machine.isProgram(perl), "needs root, to be another user, and perl"))
    func `a lab under one's own name that another user answers for is not asked`() throws {
        let name = "false-\(LabName.newID())"
        let script = """
            use Socket; $) = $( = "65534 65534"; $> = $< = 65534; $| = 1;
            socket(S, AF_UNIX, SOCK_STREAM, 0) && bind(S, pack("S a*", AF_UNIX, "\\0$ARGV[0]")) && listen(S, 9) || die;
            print "x"; <STDIN>;
            """
        let streams = try SocketPair()
        let other = try ChildProcess(
            program: Self.perl, arguments: ["perl", "-e", script, LabName.socket(of: name)], environment: [],
            stream: streams.far)
        let stream = streams.closingFar()
        var byte: [UInt8] = [0]
        #expect(try stream.read(into: &byte) == .bytes(1))
        #expect(LabName.running.contains(name))
        do throws(LabFailure) {
            _ = try Lab.named(name)
            Issue.record("it was asked")
        } catch {
            #expect(error.description.contains("another user's"))
        }
        other.send(SIGKILL)
        other.wait()
    }
}
