import Glibc

/// Writes one CSV file, row by row, so that it never ends in the middle of a row.
///
/// Rows are kept in memory until about 64 KiB have come together or `flush` is called. When the file
/// system takes only a part of them, the file is cut back to the last whole row.
package final class CSVWriter<Row: CSVRow> {
    package let path: String
    private let descriptor: Int32
    private let writeBytes: WriteBytes
    private var buffer: [UInt8] = []
    /// Where each row in the buffer ends.
    private var ends: [Int] = []
    /// The size of the file: whole rows only.
    private var fileSize = 0
    private var failure: ResultsError?

    /// The form of write(2).
    typealias WriteBytes = (Int32, UnsafeRawPointer, Int) -> Int

    private static var capacity: Int { 1 << 16 }

    /// Creates the file `Row.fileName` and writes its header.
    ///
    /// - Parameter isResumed: whether the file may be there, with whole rows behind which this goes
    ///   on.
    /// - Throws: `ResultsError.notWritable` also when the file exists already and must not.
    package convenience init(
        in directory: String, isResumed: Bool = false
    ) throws(ResultsError) {
        try self.init(
            in: directory, isResumed: isResumed, writeBytes: { Glibc.write($0, $1, $2) })
    }

    /// - Parameter writeBytes: stands for write(2), so that tests can fill the disk.
    init(
        in directory: String, isResumed: Bool = false, writeBytes: @escaping WriteBytes
    ) throws(ResultsError) {
        path = directory + "/" + Row.fileName
        let mode = isResumed ? O_APPEND : O_EXCL
        descriptor = open(path, O_WRONLY | O_CREAT | mode | O_CLOEXEC, 0o644)
        self.writeBytes = writeBytes
        guard descriptor >= 0 else {
            throw .notWritable(path: path, reason: reason(of: errno))
        }
        buffer.reserveCapacity(CSVWriter.capacity + 4096)
        fileSize = Int(max(0, lseek(descriptor, 0, SEEK_END)))
        if fileSize > 0 { return }
        buffer.append(contentsOf: Row.header)
        ends.append(buffer.count)
        try flush()
    }

    deinit { Glibc.close(descriptor) }

    /// Adds a row.
    ///
    /// - Throws: `ResultsError.write` when an earlier row cannot be kept; then also at every later
    ///   call, so that no gap can come into the file.
    package func write(_ row: Row) throws(ResultsError) {
        if let failure { throw failure }
        row.append(to: &buffer)
        ends.append(buffer.count)
        if buffer.count >= CSVWriter.capacity { try flush() }
    }

    /// Hands all rows to the file system.
    ///
    /// - Throws: `ResultsError.write` when it does not take them all; the file then ends with the
    ///   last row that it took whole.
    package func flush() throws(ResultsError) {
        if let failure { throw failure }
        var written = 0
        while written < buffer.count {
            let result = buffer.withUnsafeBytes { bytes in
                bytes.baseAddress.map {
                    writeBytes(descriptor, $0 + written, bytes.count - written)
                }
                    ?? 0
            }
            if result < 0 && errno == EINTR { continue }
            guard result > 0 else {
                throw fail(reason(of: result < 0 ? errno : ENOSPC), after: written)
            }
            written += result
        }
        fileSize += written
        buffer.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    private func fail(_ reason: String, after written: Int) -> ResultsError {
        fileSize += ends.last { $0 <= written } ?? 0
        var text = reason
        if ftruncate(descriptor, off_t(fileSize)) != 0 {
            text += "; cutting off the half row failed too: " + Harness.reason(of: errno)
        }
        let error = ResultsError.write(path: path, reason: text)
        failure = error
        return error
    }
}

extension CSVWriter {
    /// Writes a whole file at once.
    package static func write(_ rows: [Row], in directory: String) throws(ResultsError) {
        let writer = try CSVWriter(in: directory)
        for row in rows { try writer.write(row) }
        try writer.flush()
    }
}
