import CZeroMQ
import Foundation

/// The asking end of the floor's exchanges: one bound PULL for all answers, one PUSH per peer.
///
/// It waits as a node does: take what is there without blocking, then block in `zmq_poll`.
final class FloorAsker {
    private static let deadlineSeconds = 10

    let context: FloorContext
    private let pull: FloorSocket
    private var pushes: [FloorSocket] = []
    private var items: [zmq_pollitem_t]
    private var message = zmq_msg_t()

    init(at endpoint: String, in context: FloorContext) throws {
        self.context = context
        pull = try FloorSocket(pullingAt: endpoint, in: context)
        items = [
            zmq_pollitem_t(socket: pull.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
        ]
        zmq_msg_init(&message)
    }

    deinit { zmq_msg_close(&message) }

    func endpoint() throws -> String { try pull.boundEndpoint() }

    /// Watches a file descriptor that becomes readable when the echo process has ended.
    func watch(_ descriptor: Int32) {
        items.append(
            zmq_pollitem_t(socket: nil, fd: descriptor, events: Int16(ZMQ_POLLIN), revents: 0))
    }

    /// Takes the hello of every peer and connects to each.
    func connect(peers: Int) throws {
        var endpoints = [String](repeating: "", count: peers)
        for _ in 0..<peers {
            let hello = try receiveBytes()
            endpoints[Int(hello[0])] = String(decoding: hello.dropFirst(), as: UTF8.self)
        }
        pushes = try endpoints.map { try FloorSocket(pushingTo: $0, in: context) }
    }

    /// Sends `request` to the first `peers` peers and waits for all answers, `rounds` times in a
    /// row. Returns the nanoseconds of each sample.
    func exchange(_ request: [UInt8], peers: Int, rounds: Int, samples: Int) throws -> [Int] {
        var durations = [Int](repeating: 0, count: samples)
        for sample in durations.indices {
            let start = floorClock()
            for _ in 0..<rounds {
                for peer in 0..<peers { try pushes[peer].send(request) }
                for _ in 0..<peers { try receive() }
            }
            durations[sample] = floorClock() - start
        }
        return durations
    }

    /// Asks the first `peers` peers for their bulk message, all at once, and waits for all. The
    /// messages are kept until the last is there. Returns the nanoseconds of each sample.
    func pullBulk(peers: Int, samples: Int) throws -> [Int] {
        var durations = [Int](repeating: 0, count: samples)
        let kept = UnsafeMutablePointer<zmq_msg_t>.allocate(capacity: peers)
        for index in 0..<peers { zmq_msg_init(kept + index) }
        defer {
            for index in 0..<peers { zmq_msg_close(kept + index) }
            kept.deallocate()
        }
        let request = [FloorEchoPeer.bulkRequest]
        for sample in durations.indices {
            let start = floorClock()
            for peer in 0..<peers { try pushes[peer].send(request) }
            for index in 0..<peers {
                try receive()
                zmq_msg_move(kept + index, &message)
            }
            durations[sample] = floorClock() - start
        }
        return durations
    }

    func send(_ request: [UInt8], to peer: Int) throws { try pushes[peer].send(request) }

    /// Receives the next message, of which only the first byte counts.
    func receiveFirstByte() throws -> UInt8 {
        try receive()
        return zmq_msg_data(&message).load(as: UInt8.self)
    }

    /// Receives the next message.
    ///
    /// - Throws: also where that file descriptor can be read before.
    func receiveBytes(unlessReadable descriptor: Int32? = nil) throws -> [UInt8] {
        if let descriptor { watch(descriptor) }
        defer { if descriptor != nil { items.removeLast() } }
        try receive()
        return [UInt8](
            UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: zmq_msg_size(&message)))
    }

    /// Receives the next message into `message`.
    private func receive() throws {
        while zmq_msg_recv(&message, pull.handle, ZMQ_DONTWAIT) < 0 {
            switch zmq_errno() {
            case EAGAIN: try waitForMessage()
            case EINTR: continue
            default: throw FloorError.last("zmq_msg_recv", "the asker's socket")
            }
        }
    }

    private func waitForMessage() throws {
        let ready = zmq_poll(&items, Int32(items.count), Self.deadlineSeconds * 1_000)
        if ready == 0 { throw FloorError.noAnswer(seconds: Self.deadlineSeconds) }
        if ready < 0, zmq_errno() != EINTR {
            throw FloorError.last("zmq_poll", "the asker's socket")
        }
        if ready > 0, items[0].revents == 0 { throw FloorError.echoEnded }
    }
}
