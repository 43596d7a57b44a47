import Dispatch
import Foundation

extension Field {
    /// Overwrites each output o with the sum of coefficients[o][s] × source s over all sources, block
    /// by block, on all cores where there are many blocks: nodes that wait for the result leave them
    /// idle.
    ///
    /// - Parameters:
    ///   - sources: whole words at any address. Of shorter ones than the outputs the missing bytes
    ///     are zeros, of longer ones the beginning counts.
    ///   - coefficients: row-major, one row per output
    ///   - outputs: of any lengths
    ///   - finish: called with the outputs' parts of each block, once they are there
    func combine(
        _ sources: [UnsafeRawBufferPointer], coefficients: [UInt32],
        into outputs: [UnsafeMutableRawBufferPointer],
        finish: ([UnsafeMutableRawBufferPointer]) -> Void = { _ in }
    ) {
        Self.withParts(of: outputs.map(\.count).max() ?? 0) { part in
            for start in stride(from: part.lowerBound, to: part.upperBound, by: Self.blockBytes) {
                let range = start..<Swift.min(start + Self.blockBytes, part.upperBound)
                let results = outputs.map {
                    UnsafeMutableRawBufferPointer(rebasing: $0[range.clamped(to: 0..<$0.count)])
                }
                combine(range, of: sources, coefficients: coefficients, into: results)
                finish(results)
            }
        }
    }

    /// Bytes of each output that are computed before the next: what stays in the cache while all
    /// sources are added to it.
    private static let blockBytes = 64 << 10

    /// Kept, since Foundation reads files for it each time.
    private static let cores = ProcessInfo.processInfo.activeProcessorCount

    /// Calls `body` with the parts of an output, on all cores at once where it has many blocks.
    /// Parts end with a block.
    private static func withParts(of byteCount: Int, _ body: (Range<Int>) -> Void) {
        let count = min(byteCount / (16 * blockBytes), cores)
        if count < 2 { return body(0..<byteCount) }
        let blocks = (byteCount + blockBytes - 1) / blockBytes
        // Unsafe to the compiler, which sees other threads call it: but they write to parts that have
        // nothing in common, and all have ended when this returns.
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: count) { part in
            let start = blocks * part / count * blockBytes
            let end = blocks * (part + 1) / count * blockBytes
            body(start..<Swift.min(end, byteCount))
        }
    }

    /// - Parameters:
    ///   - range: the bytes of the sources that count.
    ///   - outputs: as long as `range` or shorter.
    private func combine(
        _ range: Range<Int>, of sources: [UnsafeRawBufferPointer], coefficients: [UInt32],
        into outputs: [UnsafeMutableRawBufferPointer]
    ) {
        // The first product of an output is written, not added to zeros.
        var isBegun = Array(repeating: false, count: outputs.count)
        for (column, source) in sources.enumerated() where source.count > range.lowerBound {
            let block = UnsafeRawBufferPointer(
                rebasing: source[range.clamped(to: 0..<source.count)])
            for (row, output) in outputs.enumerated() {
                let coefficient = coefficients[row * sources.count + column]
                if coefficient == 0 || output.isEmpty { continue }
                let bytes = block.prefix(output.count)
                multiply(
                    UnsafeRawBufferPointer(rebasing: bytes), by: coefficient,
                    into: output.baseAddress!, isBegun[row] ? .add : .replace)
                if isBegun[row] { continue }
                zero(output[bytes.count...])
                isBegun[row] = true
            }
        }
        for (output, isBegun) in zip(outputs, isBegun) where !isBegun { zero(output[...]) }
    }

    private func zero(_ bytes: Slice<UnsafeMutableRawBufferPointer>) {
        UnsafeMutableRawBufferPointer(rebasing: bytes)
            .initializeMemory(as: UInt8.self, repeating: 0)
    }
}
