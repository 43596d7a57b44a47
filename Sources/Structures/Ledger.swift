/// The bytes that a node holds for its protocol, by what they are for (DESIGN.md, principle 6).
///
/// Every part counts allocated memory of the node's own data; `total` is their sum. What the
/// runtime, ZeroMQ and the C library need on top is not in the ledger: the process's heap and
/// resident memory are reported beside it.
package struct Ledger: Sendable, Equatable {
    /// Elements, or the code words of a fused backup.
    package var payload: Int
    /// Auxiliary indexes: where each element stands.
    package var auxiliary: Int
    /// Allocated but not used: spare capacity and padding.
    package var slack: Int
    /// Everything else that the protocol keeps, such as sequence numbers or held-back messages.
    package var protocolState: Int

    package init(payload: Int = 0, auxiliary: Int = 0, slack: Int = 0, protocolState: Int = 0) {
        self.payload = payload
        self.auxiliary = auxiliary
        self.slack = slack
        self.protocolState = protocolState
    }

    package var total: Int { payload + auxiliary + slack + protocolState }

    package static func + (left: Ledger, right: Ledger) -> Ledger {
        Ledger(
            payload: left.payload + right.payload,
            auxiliary: left.auxiliary + right.auxiliary,
            slack: left.slack + right.slack,
            protocolState: left.protocolState + right.protocolState)
    }

    /// The same memory, of which so much of the payload is padding.
    func movingPadding(_ bytes: Int) -> Ledger {
        var ledger = self
        ledger.payload -= bytes
        ledger.slack += bytes
        return ledger
    }
}

extension Array {
    /// The memory that the elements take in an array that grows by doubling, in bytes. Its `capacity`
    /// is not asked: that is what the allocator rounded up to, which differs with the heap's history.
    package var allocatedBytes: Int {
        isEmpty
            ? 0 : MemoryLayout<Element>.stride << (Int.bitWidth - (count - 1).leadingZeroBitCount)
    }
}
