import Glibc
import MitoLinux
import Testing

@testable import MitoLive

@Suite struct HandedImageTests {
    @Test func `the image that is handed out is a copy that nobody can change`() throws {
        let image = try HandedImage(of: "sh")
        let copy = "/proc/self/fd/\(image.number)"
        #expect(try FileDescriptor.reading(copy).size() == FileDescriptor.reading("/bin/sh").size())
        let again = open(copy, O_RDWR)
        defer { close(again) }
        #expect(again >= 0)
        #expect(write(again, "x", 1) < 0 && errno == EPERM)
        #expect(ftruncate(again, 0) < 0 && errno == EPERM)
    }

    @Test func `an image that is not there is an error`() {
        #expect(throws: SystemError.self) { try HandedImage(of: "/nowhere/mito-agent") }
    }
}
