import Foundation
import Testing

@testable import Harness

struct ResultsDirectoryTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func create(_ path: String, expectedBytes: Int = 1000) throws -> ResultsDirectory {
        try ResultsDirectory.create(path, experiment: "e", expectedBytes: expectedBytes)
    }

    @Test func `a new directory is made with its parents`() throws {
        let path = directory.path + "/a/b"
        let results = try create(path)
        #expect(results.path == path)
        try results.write("x", to: "tables.md")
        #expect(try String(contentsOfFile: path + "/tables.md", encoding: .utf8) == "x")
    }

    @Test func `an existing directory, file or link is refused and not touched`() throws {
        try directory.write("mine", to: "file")
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/link", withDestinationPath: directory.path + "/nowhere")
        for path in ["", "/file", "/link"].map({ directory.path + $0 }) {
            let error = #expect(throws: ResultsError.exists(path: path)) { try create(path) }
            #expect(error?.description.contains("never overwritten") == true)
        }
        #expect(try directory.text("file") == "mine")
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/nowhere"))
    }

    @Test func `a place where nothing can be written is refused`() {
        let error = #expect(throws: ResultsError.self) { try create("/proc/crashbench") }
        #expect(error?.description.contains("--output") == true)
        #expect(throws: ResultsError.self) { try create("/dev/null/x") }
    }

    @Test func `too little space is refused before anything is made`() throws {
        let path = directory.path + "/large"
        let error = #expect(throws: ResultsError.self) {
            try create(path, expectedBytes: 1 << 60)
        }
        guard case .noSpace(path, _, 1 << 60) = try #require(error) else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `the default path has the experiment and the time`() throws {
        let time = try Date("2016-05-01T12:34:56Z", strategy: .iso8601)
        #expect(
            ResultsDirectory.defaultPath(experiment: "boyd-2016", now: time)
                == "Results/boyd-2016/2016-05-01T123456Z")
        #expect(
            ResultsDirectory.defaultPath(experiment: "../a b", now: time)
                == "Results/---a-b/2016-05-01T123456Z")
    }

    @Test func `files of the project are found from below`() throws {
        try FileManager.default.createDirectory(
            atPath: directory.path + "/plots/deep/deeper", withIntermediateDirectories: true)
        try directory.write("", to: "plots/a.gnuplot")
        let below = URL(fileURLWithPath: directory.path + "/plots/deep/deeper")
        let found = ProjectFiles.locate("plots/a.gnuplot", above: below)
        #expect(found == directory.path + "/plots/a.gnuplot")
        #expect(ProjectFiles.locate("plots/b.gnuplot", above: below) == nil)
    }
}
