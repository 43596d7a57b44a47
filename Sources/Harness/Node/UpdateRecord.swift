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
    /// When it began, on the monotonic clock, also where it is not complete; 0 where it has not.
    var begun: UInt64 = 0
    /// When it was due to begin, on the same clock; 0 where it had no schedule.
    var due: UInt64 = 0
    /// Nanoseconds from when it began to each of its steps, the largest value where it took longer; 0 for a
    /// step that was not reported.
    var sentAfter: UInt32 = 0
    var proposedAfter: UInt32 = 0

    var isRefused: Bool { refusal != 0 }

    /// A blank record is one of an update that is not complete: none that is takes no time.
    var isComplete: Bool { nanoseconds > 0 }

    /// When it was complete, on the same clock as `begun`.
    var end: UInt64 { begun + nanoseconds }

    /// Nanoseconds between the moment when it was due and its beginning; nil where it had no schedule.
    var waited: Int? { due > 0 ? Int(begun - due) : nil }

    var kindName: String { OperationKind(rawValue: kind)?.name ?? "" }
}

extension UpdateRecord {
    /// The update has come to a step. One that is repeated, since the members changed, has first
    /// been sent when it was, and been proposed when the last proposal came.
    mutating func reached(_ step: UpdateStep, after nanoseconds: UInt64) {
        let after = UInt32(clamping: max(1, nanoseconds))
        switch step {
        case .sent: if sentAfter == 0 { sentAfter = after }
        case .proposed: proposedAfter = after
        }
    }

    /// Takes over what was known of an update before it was complete.
    mutating func keep(_ earlier: UpdateRecord) {
        begun = earlier.begun
        due = earlier.due
        sentAfter = earlier.sentAfter
        proposedAfter = earlier.proposedAfter
    }

    /// Where its time went, from when it was due; nil for a mechanism that reports no steps, and for
    /// reads.
    var spans: UpdateSpans? {
        guard sentAfter > 0, answer == 0 else { return nil }
        let answered = Int(nanoseconds)
        let sent = min(Int(sentAfter), answered)
        let proposed = proposedAfter == 0 ? nil : min(max(sent, Int(proposedAfter)), answered)
        return UpdateSpans(
            localNs: sent + (waited ?? 0), proposalNs: proposed.map { $0 - sent },
            acknowledgementNs: answered - (proposed ?? sent))
    }
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
