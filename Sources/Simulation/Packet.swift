import Roles

/// A message on its way between two lives of nodes.
struct Packet {
    var sender: Member
    var receiver: Member
    var channel: Envelope.Channel
    var message: Message
    /// When its last byte has left the sender's interface.
    var departure: UInt64
}

/// A message that has come to a node, for whoever follows a simulation.
package struct HeardMessage {
    /// Virtual nanoseconds.
    package var moment: UInt64
    package var sender: Member
    package var receiver: Member
    package var channel: Envelope.Channel
    package var message: Message
    /// Whether it is of a life that the receiver has a link to; no effect comes of any other.
    package var isHeard: Bool
}

/// A number that differs, as good as surely, when anything differs in what nodes have heard, when,
/// or in which order (Fowler, Noll and Vo's hash FNV-1a, word by word).
struct TraceDigest {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ packet: Packet, at moment: UInt64) {
        add(moment)
        add(UInt64(packet.sender.node.rawValue) << 32 | UInt64(packet.sender.incarnation))
        add(UInt64(packet.receiver.node.rawValue) << 32 | UInt64(packet.receiver.incarnation))
        add(UInt64(packet.channel.rawValue))
        packet.message.head.withUnsafeBytes { add($0) }
        if let body = packet.message.body { add(body.bytes) }
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        add(UInt64(bytes.count))
        var offset = 0
        while offset + 8 <= bytes.count {
            add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        while offset < bytes.count {
            add(UInt64(bytes[offset]))
            offset += 1
        }
    }

    private mutating func add(_ word: UInt64) {
        value = (value ^ word) &* 0x100_0000_01B3
        // The multiplication carries upwards only.
        value ^= value >> 32
    }
}
