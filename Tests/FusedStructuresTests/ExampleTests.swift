import Foundation
import ProgramTesting
import Testing

/// The tutorial, run as its reader runs it.
struct ExampleTests {
    @Test func `the example prints what its file says`() throws {
        let example = try Program(
            [],
            executable: try crashbenchExecutable().deletingLastPathComponent()
                .appendingPathComponent("fused-example"))
        let outcome = try example.wait()
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        let expected = String(decoding: PackageResources.fused_example_txt, as: UTF8.self)
        #expect(withoutTraffic(outcome.output) == withoutTraffic(expected))
    }

    /// What a recovery sends is the protocol's business.
    private func withoutTraffic(_ text: String) -> String {
        text.replacing(/[0-9]+ messages, [0-9]+ bytes/, with: "messages")
    }
}
