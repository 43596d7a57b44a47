import Roles
import Structures

/// The measurement of one update or read, as the initiator's node keeps it and sends it to the driver, which
/// is the same program on the same machine: the layout is memory's own.
struct UpdateRecord {
    var nanoseconds: UInt64
    var messages: UInt32
    var bytes: UInt32
    /// The raw value of an `OperationKind`.
    var kind: UInt8
    /// The checksum of why the structure refused the update; 0 where it did not.
    var refusal: UInt32 = 0
    /// The checksum of what a read gave; 0 for an update.
    var answer: UInt32 = 0

    var isRefused: Bool { refusal != 0 }

    /// A blank record is one of an update that is not complete: none that is takes no time.
    var isComplete: Bool { nanoseconds > 0 }

    var kindName: String { OperationKind(rawValue: kind)?.name ?? "" }
}

extension UpdateRecord {
    /// What tells reasons of refusals apart; never 0.
    static func checksum(ofRefusal reason: String) -> UInt32 { checksum(reason.utf8) }

    /// What tells the answers of reads apart; never 0.
    static func checksum(ofAnswer value: [UInt8]) -> UInt32 { checksum(value) }

    /// FNV-1a of 32 bits, with 1 in place of 0.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        max(1, bytes.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 })
    }
}

/// Records of a known number of updates, allocated and touched before the first is measured.
final class UpdateRecords {
    let records: UnsafeMutableBufferPointer<UpdateRecord>

    init(count: Int) {
        records = .allocate(capacity: count)
        records.initialize(
            repeating: UpdateRecord(nanoseconds: 0, messages: 0, bytes: 0, kind: 0))
    }

    deinit { records.deallocate() }

    var body: Body { Body(bytes: UnsafeRawBufferPointer(records), owner: self) }

    /// Reads what another node's `body` held, or nil where the bytes are no whole records.
    static func read(_ body: Body?) -> [UpdateRecord]? {
        guard let bytes = body?.bytes else { return [] }
        let size = MemoryLayout<UpdateRecord>.stride
        guard bytes.count.isMultiple(of: size) else { return nil }
        return stride(from: 0, to: bytes.count, by: size).map {
            bytes.loadUnaligned(fromByteOffset: $0, as: UpdateRecord.self)
        }
    }
}
