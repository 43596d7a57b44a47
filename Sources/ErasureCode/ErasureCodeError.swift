/// Why a code cannot be made, or cannot reconstruct.
package enum ErasureCodeError: Error, Equatable, Sendable {
    /// Words have `wordBits` bits; 8, 16 and 32 are possible.
    case wordBits(Int)
    /// A code has at least one primary.
    case primaries(Int)
    /// A code has at least one backup.
    case backups(Int)
    /// XOR parity is a code of one backup.
    case xorBackups(Int)
    /// `nodes` primaries and backups together; the field and Jerasure allow `limit`.
    case tooManyNodes(nodes: Int, limit: Int)
    /// Jerasure had no memory for the generator matrix.
    case noGenerator
    /// The generator's rows differ in length.
    case raggedGenerator(backup: Int, count: Int, expected: Int)
    /// The coefficient does not fit the word.
    case coefficientOutOfField(backup: Int, primary: Int, coefficient: UInt32)
    /// There is no such primary in the code.
    case unknownPrimary(Int)
    /// There is no such backup in the code.
    case unknownBackup(Int)
    /// The primary was named twice, be it as failed or as survivor.
    case duplicatePrimary(Int)
    /// The backup was named twice.
    case duplicateBackup(Int)
    /// The primary was named neither as failed nor as survivor.
    case missingPrimary(Int)
    /// Each failed primary needs the code of one backup.
    case tooFewCodes(codes: Int, failed: Int)
    /// Each failed primary needs one output.
    case outputs(count: Int, failed: Int)
    /// A region of `bytes` is not a multiple of the word.
    case partialWord(bytes: Int, wordBytes: Int)
    /// These codes do not determine the failed primaries: the code is not MDS.
    case singular(failed: [Int], backups: [Int])
}
