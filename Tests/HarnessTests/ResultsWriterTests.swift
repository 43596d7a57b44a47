import Glibc
import Testing

@testable import Harness

struct ResultsWriterTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A file system with room for `bytes`, which takes what fits and then has none left.
    private func disk(of bytes: Int) -> CSVWriter<UpdateRow>.WriteBytes {
        var free = bytes
        return { descriptor, pointer, count in
            let taken = min(free, count)
            guard taken > 0 else {
                errno = ENOSPC
                return -1
            }
            free -= taken
            return write(descriptor, pointer, taken)
        }
    }

    @Test func `a full disk leaves whole rows, wherever it fills up`() throws {
        var expected: [UInt8] = UpdateRow.header
        let header = expected.count
        var ends = [header]
        for operation in 1...3 {
            UpdateRow.example(operation).append(to: &expected)
            ends.append(expected.count)
        }
        for room in header..<expected.count {
            let directory = try TemporaryDirectory()
            let writer = try CSVWriter<UpdateRow>(in: directory.path, writeBytes: disk(of: room))
            for operation in 1...3 { try writer.write(UpdateRow.example(operation)) }
            let failure = ResultsError.write(
                path: directory.path + "/updates.csv", reason: "No space left on device")
            #expect(throws: failure) { try writer.flush() }
            let size = try #require(ends.last { $0 <= room })
            #expect(try directory.bytes("updates.csv") == Array(expected[..<size]), "\(room)")
            // Nothing comes behind the gap, also when there is room again.
            #expect(throws: failure) { try writer.write(UpdateRow.example(4)) }
            #expect(throws: failure) { try writer.flush() }
            #expect(try directory.bytes("updates.csv").count == size)
        }
    }

    @Test func `rows of earlier flushes stay when the disk fills up later`() throws {
        var expected: [UInt8] = UpdateRow.header
        UpdateRow.example(1).append(to: &expected)
        let room = expected.count + 5
        let writer = try CSVWriter<UpdateRow>(in: directory.path, writeBytes: disk(of: room))
        try writer.write(UpdateRow.example(1))
        try writer.flush()
        try writer.write(UpdateRow.example(2))
        #expect(throws: ResultsError.self) { try writer.flush() }
        #expect(try directory.bytes("updates.csv") == expected)
    }

    @Test func `short and interrupted writes are continued`() throws {
        var calls = 0
        let writer = try CSVWriter<UpdateRow>(in: directory.path) { descriptor, pointer, count in
            calls += 1
            if calls.isMultiple(of: 3) {
                errno = EINTR
                return -1
            }
            return write(descriptor, pointer, min(7, count))
        }
        for operation in 1...50 { try writer.write(UpdateRow.example(operation)) }
        try writer.flush()
        let rows = try CSVReader.rows(UpdateRow.self, in: directory.path).rows
        #expect(rows == (1...50).map(UpdateRow.example))
        #expect(calls > 100)
    }

    @Test func `many rows go out in blocks and in their order`() throws {
        var calls = 0
        let writer = try CSVWriter<UpdateRow>(in: directory.path) { descriptor, pointer, count in
            calls += 1
            return write(descriptor, pointer, count)
        }
        for operation in 1...20_000 { try writer.write(UpdateRow.example(operation)) }
        try writer.flush()
        #expect((2...20).contains(calls), "\(calls) writes for half a megabyte")
        let rows = try CSVReader.rows(UpdateRow.self, in: directory.path).rows
        #expect(rows.map(\.operation) == Array(1...20_000))
    }
}
