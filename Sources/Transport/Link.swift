import CZeroMQ
import Glibc
import Roles
import Synchronization

/// The way to one incarnation of a peer: a PUSH socket connected to the peer's PULL, and libzmq's
/// monitor of that connection, which tells when the peer is gone.
final class Link {
    /// How many monitors this process has made: a name of a closed one may still be taken.
    private static let monitors = Atomic<Int>(0)

    let peer: Member
    let socket: Socket
    /// Nil for inproc, which has no connections; there the peer's goodbye tells.
    let monitor: Socket?
    /// Whether the peer's own first message has come, so that both directions stand.
    var heard = false

    init(
        to peer: Member, at address: String, kind: EndpointKind, in context: MessagingContext
    ) throws(ZeroMQError) {
        self.peer = peer
        socket = try Socket(ZMQ_PUSH, in: context)
        try socket.set(ZMQ_RECONNECT_IVL, to: -1)
        if kind == .inproc {
            monitor = nil
        } else {
            let number = Self.monitors.add(1, ordering: .relaxed).newValue
            let reports = "inproc://monitor-\(number)"
            try socket.monitor(
                at: reports,
                events: ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED | ZMQ_EVENT_CONNECT_RETRIED)
            let monitor = try Socket(ZMQ_PAIR, in: context)
            try monitor.connect(reports)
            self.monitor = monitor
        }
        // A first look arms the monitor's descriptor, which tells of changes only. It comes before the
        // connection, whose end would else be what it finds and drops.
        _ = try isLost()
        try socket.connect(address)
    }

    /// Whether the monitor says that the connection ended or never came to be. The peer bound its
    /// socket before anybody learned the address, so a refused connection means that it is gone.
    func isLost() throws(ZeroMQError) -> Bool {
        guard let monitor else { return false }
        let frame = Frame()
        var lost = false
        while try frame.receive(from: monitor) {
            // The first frame is the event; a second one with the address follows.
            if frame.hasMore { lost = true }
        }
        return lost
    }
}
