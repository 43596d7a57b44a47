/// What stands before every message on a link, 24 bytes:
/// magic (UInt16), version (UInt8), channel (UInt8), run (UInt64), sender (UInt16), reserved
/// (UInt16, zero), the sender's incarnation (UInt32), the receiver's incarnation (UInt32).
///
/// A message whose run or receiver's incarnation differs was meant for somebody who had this
/// address before, and is dropped; so is one from an incarnation that is known to be gone.
package struct Envelope: Equatable, Sendable {
    /// Who shall handle a message.
    package enum Channel: UInt8, Sendable {
        /// The transport itself: the first message on a link, with the sender's own address.
        case hello = 1
        /// The transport itself: the sender ends, where no connection can tell (inproc).
        case goodbye = 2
        /// The node's role.
        case role = 3
        /// The harness around the role.
        case control = 4
    }

    package static let byteCount = 24
    private static let magic: UInt16 = 0x4243
    private static let version: UInt8 = 1

    package var channel: Channel
    /// Tells the messages of one harness run from those of any other on the machine.
    package var run: UInt64
    package var sender: Member
    package var receiverIncarnation: Incarnation

    package init(
        channel: Channel, run: UInt64, sender: Member, receiverIncarnation: Incarnation
    ) {
        self.channel = channel
        self.run = run
        self.sender = sender
        self.receiverIncarnation = receiverIncarnation
    }

    /// Writes the envelope to the first `byteCount` bytes of `memory`.
    package func store(to memory: UnsafeMutableRawBufferPointer) {
        memory.storeBytes(of: Self.magic.littleEndian, toByteOffset: 0, as: UInt16.self)
        memory.storeBytes(of: Self.version, toByteOffset: 2, as: UInt8.self)
        memory.storeBytes(of: channel.rawValue, toByteOffset: 3, as: UInt8.self)
        memory.storeBytes(of: run.littleEndian, toByteOffset: 4, as: UInt64.self)
        memory.storeBytes(
            of: sender.node.rawValue.littleEndian, toByteOffset: 12, as: UInt16.self)
        memory.storeBytes(of: 0, toByteOffset: 14, as: UInt16.self)
        memory.storeBytes(of: sender.incarnation.littleEndian, toByteOffset: 16, as: UInt32.self)
        memory.storeBytes(of: receiverIncarnation.littleEndian, toByteOffset: 20, as: UInt32.self)
    }

    /// The envelope at the start of `bytes`, or nil if there is none of this version.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.byteCount,
            UInt16(littleEndian: bytes.loadUnaligned(as: UInt16.self)) == Self.magic,
            bytes[2] == Self.version,
            let channel = Channel(rawValue: bytes[3]),
            bytes[14] == 0, bytes[15] == 0
        else { return nil }
        self.channel = channel
        self.run = UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt64.self))
        self.sender = Member(
            NodeID(
                rawValue: UInt16(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: 12, as: UInt16.self))),
            incarnation: UInt32(
                littleEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self)))
        self.receiverIncarnation = UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 20, as: UInt32.self))
    }
}
