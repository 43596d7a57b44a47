import Dispatch
import Foundation

extension ErasureCode {
    /// Brings a backup's code words up to date with a change of one primary:
    /// codes += g[backup][primary] × delta.
    ///
    /// - Parameters:
    ///   - delta: new XOR old, whole words at any address
    ///   - codes: the words of the same slots, as many bytes, at any address; not overlapping
    package func apply(
        delta: UnsafeRawBufferPointer, of primary: Int,
        to codes: UnsafeMutableRawBufferPointer, of backup: Int
    ) {
        precondition(delta.count == codes.count, "a delta is as long as the codes it changes")
        precondition(delta.count % wordBytes == 0, "a delta consists of whole words")
        guard let destination = codes.baseAddress else { return }
        field.add(
            coefficient(backup: backup, primary: primary), times: delta, to: destination)
    }

    /// Overwrites `codes` with the encoding of all primaries' data.
    ///
    /// - Parameters:
    ///   - data: one region per primary, whole words at any address. One that is shorter than
    ///     `codes` counts as followed by zeros; of a longer one the beginning is encoded.
    ///   - codes: as long as the longest data, or the part of that length that is wanted
    package func encode(
        _ data: [UnsafeRawBufferPointer], into codes: UnsafeMutableRawBufferPointer, of backup: Int
    ) {
        precondition(data.count == primaries, "one region per primary")
        precondition(
            codes.count % wordBytes == 0 && data.allSatisfy { $0.count % wordBytes == 0 },
            "regions consist of whole words")
        let row = (0..<primaries).map { coefficient(backup: backup, primary: $0) }
        Self.withParts(of: codes.count) { part in
            for range in Self.blocks(of: part) {
                combine(range, of: data, coefficients: row, into: [.init(rebasing: codes[range])])
            }
        }
    }

    /// Bytes of each output that are computed before the next: what stays in the cache while all
    /// sources are added to it.
    static let blockBytes = 64 << 10

    /// The blocks of a part of an output, in order.
    static func blocks(of part: Range<Int>) -> some Sequence<Range<Int>> {
        stride(from: part.lowerBound, to: part.upperBound, by: blockBytes).lazy.map {
            $0..<Swift.min($0 + blockBytes, part.upperBound)
        }
    }

    /// Calls `body` with the parts of an output, on all cores at once where it has many blocks.
    /// Parts end with a block.
    static func withParts(of byteCount: Int, _ body: (Range<Int>) -> Void) {
        let count = min(
            byteCount / (16 * blockBytes), ProcessInfo.processInfo.activeProcessorCount)
        if count < 2 { return body(0..<byteCount) }
        let blocks = (byteCount + blockBytes - 1) / blockBytes
        // The parts share nothing that `body` writes.
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: count) { part in
            let start = blocks * part / count * blockBytes
            let end = blocks * (part + 1) / count * blockBytes
            body(start..<Swift.min(end, byteCount))
        }
    }

    /// Overwrites each output o with the sum of coefficients[o][s] × source s over all sources.
    ///
    /// - Parameters:
    ///   - range: the bytes of the sources that count; missing bytes of shorter ones are zeros
    ///   - coefficients: row-major, one row per output
    ///   - outputs: each as long as `range`
    func combine(
        _ range: Range<Int>, of sources: [UnsafeRawBufferPointer], coefficients: [UInt32],
        into outputs: [UnsafeMutableRawBufferPointer]
    ) {
        for output in outputs { output.initializeMemory(as: UInt8.self, repeating: 0) }
        for (column, source) in sources.enumerated() where source.count > range.lowerBound {
            let block = UnsafeRawBufferPointer(
                rebasing: source[range.clamped(to: 0..<source.count)])
            for (row, output) in outputs.enumerated() {
                field.add(
                    coefficients[row * sources.count + column], times: block,
                    to: output.baseAddress!)
            }
        }
    }
}
