import MitoLab
import Testing

@Suite struct LabPlanTests {
    @Test func `a host is found by its address`() {
        var plan = LabPlan(seed: 1)
        let web = plan.add("web", below: plan.add("master"))
        #expect(LabPlan.address(of: web).description == "10.77.0.2")
        #expect(plan.host(at: LabPlan.address(of: web)) == web)
        #expect(plan.host(at: LabPlan.address(of: 2)) == nil)
        #expect(plan.host(at: IPv4Address(10, 77, 0, 0)) == nil)
        #expect(plan.host(at: IPv4Address(255, 255, 255, 255)) == nil)
    }

    @Test func `the two hundred and fifty-sixth host has the next byte`() {
        #expect(LabPlan.address(of: 255).description == "10.77.1.0")
    }
}
