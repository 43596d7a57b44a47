import Foundation
import ProgramTesting
import Testing

@testable import Harness

/// Serialized, since the tests count the echo processes of this process.
@Suite("Floor", .serialized)
struct FloorTests {
    private static let samples = 7

    @Test("Every measure of a run's floor gives a row", arguments: TransportKind.allCases)
    func rows(transport: TransportKind) throws {
        var echoes: [[Int32]] = []
        var floor = try Floor(
            transport: transport, maximumPeers: 2, messageBytes: 40, samples: Self.samples,
            extent: .run(wordBits: 16), executable: crashbenchExecutable())
        #expect(floor.rows == [])
        try floor.measure { _ in echoes.append(try echoProcesses()) }

        let name = transport.rawValue
        #expect(
            floor.rows.map { "\($0.transport) \($0.measure) \($0.peers) \($0.messageBytes)" } == [
                "\(name) round_trip 1 40", "\(name) one_round 1 40", "\(name) one_round 2 40",
                "\(name) two_rounds 1 40", "\(name) two_rounds 2 40",
                "\(name) bulk_pull 5 8000000",
            ] + (transport == .inproc ? [] : ["\(name) fresh_pull 1 8000000"]) + [
                " decode 5 8000000"
            ])
        for row in floor.rows {
            let isRate = ["bulk_pull", "fresh_pull", "decode"].contains(row.measure)
            #expect(row.unit == (isRate ? "bytes_per_second" : "ns"), "\(row)")
            #expect(isRate ? row.count > 0 : row.count == Self.samples, "\(row)")
            #expect(row.median > 0 && row.p99 > 0, "\(row)")
            #expect(isRate ? row.p99 <= row.median : row.p99 >= row.median, "\(row)")
        }
        // Before each of 7 or 8 measures in 3 rounds.
        #expect(
            echoes.map(\.count)
                == (transport == .inproc
                    ? Array(repeating: 0, count: 21) : Array(repeating: 1, count: 24)))
        #expect(try echoProcesses() == [])
    }

    @Test("The command's floor has the rates, too", arguments: TransportKind.allCases)
    func rates(transport: TransportKind) throws {
        var floor = try Floor(
            transport: transport, maximumPeers: 2, messageBytes: 1, samples: 1,
            extent: .all(window: 3), executable: crashbenchExecutable())
        try floor.measure(rounds: 1)
        let rows = floor.rows.drop { $0.measure != "one_way" }
        #expect(
            rows.map { row in
                "\(row.measure) \(row.peers) \(row.messageBytes) \(row.window ?? 0) "
                    + "\(row.failed ?? 0) \(row.unit)"
            } == [
                "one_way 1 1 0 0 messages_per_second", "windowed 1 1 3 0 rounds_per_second",
                "windowed 2 1 3 0 rounds_per_second", "decode 5 8000000 0 0 bytes_per_second",
                "reconstruct 5 8000000 0 1 bytes_per_second",
                "reconstruct 1000 40000 0 1 bytes_per_second",
                "reconstruct 1000 40000 0 2 bytes_per_second",
                "copy 1000 40000 0 0 bytes_per_second",
            ])
        #expect(rows.allSatisfy { $0.median >= $0.p99 && $0.p99 > 0 })
        #expect(try echoProcesses() == [])
    }

    @Test("Rounds at different times add up, and never to more than all")
    func rounds() throws {
        var floor = try Floor(
            transport: .ipc, maximumPeers: 1, samples: Self.samples, extent: .run(wordBits: nil),
            executable: crashbenchExecutable())
        var counts: [Int] = []
        for rounds in [1, 1, 2] {
            try floor.measure(rounds: rounds)
            counts.append(floor.rows[0].count)
            #expect(try echoProcesses() == [])
        }
        #expect(counts == [2, 4, 7])
    }

    @Test("Without word bits nothing is decoded")
    func withoutDecode() throws {
        var floor = try Floor(
            transport: .inproc, maximumPeers: 1, samples: 1, extent: .run(wordBits: nil))
        try floor.measure()
        #expect(
            floor.rows.map(\.measure) == ["round_trip", "one_round", "two_rounds", "bulk_pull"])
    }

    @Test("An error of the progress line ends the measurement and the echo process")
    func interrupted() throws {
        struct Interrupted: Error {}
        #expect(throws: Interrupted.self) {
            try measure(.ipc) { _ in throw Interrupted() }
        }
        #expect(try echoProcesses() == [])
    }

    @Test("A killed echo process is noticed", arguments: [TransportKind.tcp, .ipc])
    func killed(transport: TransportKind) throws {
        #expect(throws: FloorError.echoEnded) {
            try measure(transport) { _ in
                for echo in try echoProcesses() { kill(echo, SIGKILL) }
            }
        }
        #expect(try echoProcesses() == [])
    }

    @Test("An executable that ends at once or is not there gives its own message")
    func notStarted() throws {
        #expect(throws: FloorError.echoEnded) {
            try measure(.tcp, URL(fileURLWithPath: "/bin/true"))
        }
        let error = #expect(throws: FloorError.self) {
            try measure(.tcp, URL(fileURLWithPath: "/no/crashbench"))
        }
        #expect(error?.description.contains("/no/crashbench") == true)
    }

    @Test("Impossible parameters name themselves and what is allowed")
    func parameters() throws {
        let peers = #expect(throws: FloorError.self) {
            try Floor(transport: .inproc, maximumPeers: 0)
        }
        #expect(peers?.description.contains("maximum peers 0: 1 to 64") == true)
        let bits = #expect(throws: FloorError.self) {
            try Floor(transport: .inproc, extent: .run(wordBits: 9))
        }
        #expect(bits?.description.contains("word bits 9: 8, 16 or 32") == true)
    }

    @Test("The echo process ends with its standard input and removes what a killed asker left")
    func endOfInput() throws {
        let directory = try PrivateDirectory()
        let socket = URL(fileURLWithPath: directory.path).appendingPathComponent("asker")
        try Data().write(to: socket)
        let parameters = FloorEchoParameters(
            transport: .ipc, askerEndpoint: "ipc://\(socket.path)", peers: 2, bulkBytes: 1)
        let process = Process()
        process.executableURL = try crashbenchExecutable()
        process.arguments = [FloorEcho.command] + parameters.arguments
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 0)
        #expect(!FileManager.default.fileExists(atPath: directory.path))
    }

    @Test("A process that pulls once ends with its standard input")
    func freshPullWithoutAnswer() throws {
        let process = Process()
        process.executableURL = try crashbenchExecutable()
        process.arguments = [FloorFresh.command, "tcp://127.0.0.1:*", "tcp://127.0.0.1:9"]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 0)
    }

    @Test("The private directory is open to nobody else")
    func privateDirectory() throws {
        let directory = try PrivateDirectory()
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
    }

    @Test(
        "Malformed echo arguments are refused",
        arguments: ["", "tcp", "udp x 1 1", "inproc x 1 1", "tcp x 0 1", "tcp x 65 1", "tcp x 1 0"])
    func echoArguments(text: String) {
        let arguments = text.split(separator: " ").map(String.init)
        #expect(throws: FloorError.self) { try FloorEchoParameters(arguments: arguments) }
    }

    @Test("Echo arguments keep the parameters")
    func echoArgumentsRoundTrip() throws {
        let parameters = FloorEchoParameters(
            transport: .tcp, askerEndpoint: "tcp://127.0.0.1:4711", peers: 3, bulkBytes: 80)
        #expect(try FloorEchoParameters(arguments: parameters.arguments) == parameters)
    }

    private func measure(
        _ transport: TransportKind, _ executable: URL? = nil,
        progress: (String) throws -> Void = { _ in }
    ) throws {
        var floor = try Floor(
            transport: transport, maximumPeers: 1, samples: Self.samples,
            executable: executable ?? crashbenchExecutable())
        try floor.measure(progress: progress)
    }

    /// The identifiers of this process's children that run the echo command, zombies included.
    private func echoProcesses() throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int32.init)
            .filter { identifier in
                // A process can end between the listing and the look at it.
                let read = { (file: String) in
                    (try? String(contentsOfFile: "/proc/\(identifier)/\(file)", encoding: .utf8))
                        ?? ""
                }
                let isChild = read("status").contains("PPid:\t\(getpid())\n")
                let isZombie = read("status").contains("State:\tZ")
                return isChild && (isZombie || read("cmdline").contains("floor-"))
            }
    }
}
