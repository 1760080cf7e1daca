import Testing

@testable import MitoLab

/// Names and addresses as `/etc/hosts` has them.
@Suite struct HostsFileTests {
    @Test func `a name has the address of the first line with it`() {
        let file = HostsFile("# 10.0.0.9 web\n10.77.0.2\tweb www # x db\n10.77.0.3 db web\n::1 six\nnonsense\n")
        #expect(file.address(of: "web")?.description == "10.77.0.2")
        #expect(file.address(of: "www")?.description == "10.77.0.2")
        #expect(file.address(of: "db")?.description == "10.77.0.3")
        #expect(file.address(of: "six") == nil && file.address(of: "x") == nil && file.address(of: "nonsense") == nil)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.-4", "1.2.3.+4", "1..2.3", "a.b.c.d", "1.2.3.4 ",
    ])
    func `what is no address is none`(text: String) { #expect(IPv4Address(text) == nil) }

    @Test func `an address is read as it is written`() {
        #expect(IPv4Address("10.77.0.255")?.description == "10.77.0.255")
    }
}
