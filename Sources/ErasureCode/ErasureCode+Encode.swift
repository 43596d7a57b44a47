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
        combine(data, coefficients: row, into: [codes])
    }

    /// Bytes of each output that are computed before the next: what stays in the cache while all
    /// sources are added to it.
    private static let blockBytes = 64 << 10

    /// Overwrites each output o with the sum of coefficients[o][s] × source s over all sources.
    ///
    /// - Parameters:
    ///   - coefficients: row-major, one row per output
    ///   - outputs: all of one length; missing bytes of shorter sources count as zeros
    func combine(
        _ sources: [UnsafeRawBufferPointer], coefficients: [UInt32],
        into outputs: [UnsafeMutableRawBufferPointer]
    ) {
        guard let byteCount = outputs.first?.count else { return }
        for start in stride(from: 0, to: byteCount, by: Self.blockBytes) {
            let end = min(start + Self.blockBytes, byteCount)
            for output in outputs {
                UnsafeMutableRawBufferPointer(rebasing: output[start..<end])
                    .initializeMemory(as: UInt8.self, repeating: 0)
            }
            for (column, source) in sources.enumerated() where source.count > start {
                let block = UnsafeRawBufferPointer(rebasing: source[start..<min(end, source.count)])
                for (row, output) in outputs.enumerated() {
                    field.add(
                        coefficients[row * sources.count + column], times: block,
                        to: output.baseAddress! + start)
                }
            }
        }
    }
}
