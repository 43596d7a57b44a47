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
        field.multiply(
            delta, by: coefficient(backup: backup, primary: primary), into: destination, .add)
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
        field.combine(data, coefficients: row, into: [codes])
    }
}
