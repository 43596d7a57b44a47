import Roles
import Structures

/// What is known of one primary beside its cells: its last update, and where its elements stand.
struct Mirror {
    var sequence: UInt64
    var index: any AuxiliaryIndex

    init(sequence: UInt64, index: any AuxiliaryIndex) {
        self.sequence = sequence
        self.index = index
    }

    init(_ encoded: EncodedMirror, shape: StructureShape) throws(StructureError) {
        sequence = encoded.sequence
        index = try shape.decodeIndex(encoded.index[...])
    }

    var encoded: EncodedMirror {
        var bytes: [UInt8] = []
        index.encode(into: &bytes)
        return EncodedMirror(sequence: sequence, index: bytes)
    }
}

/// A mirror in its binary form, which only who needs the index reads.
struct EncodedMirror: Equatable {
    var sequence: UInt64
    var index: [UInt8]
}

extension ByteWriter {
    mutating func write(_ mirrors: [EncodedMirror]) {
        for mirror in mirrors {
            write(mirror.sequence)
            write(counted: mirror.index)
        }
    }
}

extension ByteReader {
    /// All mirrors that are left.
    mutating func readMirrors() throws(MalformedMessage) -> [EncodedMirror] {
        var mirrors: [EncodedMirror] = []
        while remaining > 0 {
            mirrors.append(
                EncodedMirror(sequence: try readCounter(), index: try readCounted()))
        }
        return mirrors
    }
}
