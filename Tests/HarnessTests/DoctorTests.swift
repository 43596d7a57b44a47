import Foundation
import Testing

@testable import Harness

@Suite("Doctor")
struct DoctorTests {
    @Test(
        "What the tests themselves need is found",
        arguments: [
            "libzmq", "Jerasure, w = 8", "Jerasure, w = 16", "Jerasure, w = 32", "/proc",
            "tcp on loopback", "ipc directory",
        ])
    func present(subject: String) {
        let lines = Doctor.report().text.split(separator: "\n")
        let line = lines.first { $0.contains("  \(subject)  ") }
        #expect(line?.hasPrefix("ok ") == true, "\(lines)")
    }

    @Test("A report without gnuplot is not complete and says what to install")
    func withoutGnuplot() {
        let report = Doctor.report(searchPath: "/no/directory")
        #expect(!report.isComplete)
        let line = report.text.split(separator: "\n").first { $0.contains("  gnuplot  ") }
        #expect(line?.hasPrefix("missing") == true)
        #expect(line?.contains("apt-get install gnuplot-nox") == true)
        #expect(!report.text.contains("Nothing is missing."))
    }

    @Test("A gnuplot that fails counts as missing, one that works completes the report")
    func gnuplotPrograms() throws {
        #expect(try reportWithGnuplot("exit 3").text.contains("gnuplot fails"))
        let report = try reportWithGnuplot("echo gnuplot 9.9")
        #expect(report.text.contains("gnuplot 9.9, "))
        #expect(report.isComplete == !report.text.contains("missing  "))
    }

    @Test("A directory that is not there has no space")
    func withoutDirectory() {
        let report = Doctor.report(directory: "/no/directory")
        #expect(!report.isComplete)
        #expect(report.text.contains("0 MB free at /no/directory; at least 100 needed"))
    }

    private func reportWithGnuplot(_ script: String) throws -> (text: String, isComplete: Bool) {
        let directory = try PrivateDirectory()
        let program = URL(fileURLWithPath: directory.path).appendingPathComponent("gnuplot")
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: program)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o700], ofItemAtPath: program.path)
        return Doctor.report(searchPath: directory.path)
    }
}
