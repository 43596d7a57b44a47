import CZeroMQ
import Foundation

/// A process of the floor that has just started and pulls one large message, as a node does that
/// comes back: neither its connections nor the memory for what comes are there yet.
package enum FloorFresh {
    /// The hidden command that the process is started with.
    package static let command = "floor-fresh"

    /// Pulls once and writes the nanoseconds from before the connection until the message is there.
    ///
    /// - Parameter arguments: where to bind, and where the asker pulls.
    /// - Throws: `FloorError`. Also ends where standard input does, which ends with the asker.
    package static func serve(arguments: [String]) throws {
        guard arguments.count == 2 else {
            throw FloorError.parameter(
                name: "the arguments", value: "\"\(arguments.joined(separator: " "))\"",
                allowed: "\(command) ENDPOINT ASKER, as `crashbench floor` calls it,")
        }
        // Ctrl-C reaches the whole foreground group; the asker decides what it means.
        signal(SIGINT, SIG_IGN)
        let context = try FloorContext()
        let pull = try FloorSocket(pullingAt: arguments[0], in: context)
        let start = floorClock()
        let push = try FloorSocket(pushingTo: arguments[1], in: context)
        try push.send(Array(try pull.boundEndpoint().utf8))
        if try receive(from: pull) { print(floorClock() - start) }
    }

    /// Waits for a message; false where standard input ends before.
    private static func receive(from pull: FloorSocket) throws -> Bool {
        var message = zmq_msg_t()
        zmq_msg_init(&message)
        defer { zmq_msg_close(&message) }
        var items = [
            zmq_pollitem_t(socket: pull.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0),
            zmq_pollitem_t(
                socket: nil, fd: STDIN_FILENO, events: Int16(ZMQ_POLLIN), revents: 0),
        ]
        while zmq_msg_recv(&message, pull.handle, ZMQ_DONTWAIT) < 0 {
            switch zmq_errno() {
            case EAGAIN: zmq_poll(&items, Int32(items.count), -1)
            case EINTR: continue
            default: throw FloorError.last("zmq_msg_recv", "a fresh socket")
            }
            if items[1].revents != 0 { return false }
        }
        return true
    }
}

extension FloorAsker {
    /// Starts one process after the other that pulls once, and answers each with one large message.
    /// Returns the nanoseconds that each has measured.
    func serveFreshPulls(
        over transport: TransportKind, executable: URL, processors: [Int]?, samples: Int
    ) throws -> [Int] {
        let endpoint = try endpoint()
        let theirs = transport == .tcp ? "tcp://127.0.0.1:*" : endpoint + "-fresh"
        let bulk = try FloorBulk(bytes: FloorSeries.sourceBytes)
        return try (0..<samples).map { _ in
            let process = try FloorProcess(
                FloorFresh.command, [theirs, endpoint], executable: executable,
                processors: processors)
            defer { process.stop() }
            let hello = try receiveBytes(unlessReadable: process.outputDescriptor)
            let push = try FloorSocket(
                pushingTo: String(decoding: hello, as: UTF8.self), in: context)
            try push.send(bulk)
            // The socket stays open until the process has ended.
            let output = withExtendedLifetime(push) { process.readOutput() }
            guard let duration = Int(output.dropLast()) else { throw FloorError.echoEnded }
            return duration
        }
    }
}
