import CZeroMQ
import Foundation

/// What the echo peers need to know; travels as the arguments of the echo process.
struct FloorEchoParameters: Equatable {
    static let maximumPeers = 64

    var transport: TransportKind
    /// Where the asker pulls.
    var askerEndpoint: String
    /// The number of peers.
    var peers: Int
    /// Bytes of the answer to a bulk request.
    var bulkBytes: Int

    var arguments: [String] {
        [transport.rawValue, askerEndpoint, String(peers), String(bulkBytes)]
    }
}

extension FloorEchoParameters {
    init(arguments: [String]) throws {
        guard arguments.count == 4, let transport = TransportKind(rawValue: arguments[0]),
            transport != .inproc, let peers = Int(arguments[2]),
            (1...Self.maximumPeers).contains(peers),
            let bulkBytes = Int(arguments[3]), bulkBytes > 0
        else {
            throw FloorError.parameter(
                name: "the echo arguments", value: "\"\(arguments.joined(separator: " "))\"",
                allowed: "floor-echo tcp|ipc ENDPOINT PEERS BYTES, as `crashbench floor` calls it,")
        }
        self.init(
            transport: transport, askerEndpoint: arguments[1], peers: peers, bulkBytes: bulkBytes)
    }

    /// Where peer `index` binds: a free port, or a name beside the asker's.
    func endpoint(ofPeer index: Int) -> String {
        transport == .tcp ? "tcp://127.0.0.1:*" : askerEndpoint + "-\(index)"
    }
}

/// A peer that answers every message of the asker with the same bytes; but where the first byte is
/// `bulkRequest` with one large message, and where it is `silentRequest` not at all.
///
/// It looks like a node: its own context outside of `inproc`, one bound PULL, one PUSH to the
/// asker, one thread. `@unchecked Sendable` since the sockets are created by one thread, handed
/// over when the peer's own thread starts, and given back when that has ended.
final class FloorEchoPeer: @unchecked Sendable {
    static let echoRequest: UInt8 = 0
    static let bulkRequest: UInt8 = 1
    static let silentRequest: UInt8 = 2
    /// This and all above are answered like `echoRequest`; the asker tells peers apart by them.
    static let firstNamedRequest: UInt8 = 64

    private let pull: FloorSocket
    private let push: FloorSocket
    private let bulkBytes: Int
    /// Nil until the first bulk request.
    private var bulk: FloorBulk?

    /// Binds, connects and says hello to the asker: the peer's index in one byte, then its
    /// endpoint.
    init(_ index: Int, _ parameters: FloorEchoParameters, in context: FloorContext) throws {
        pull = try FloorSocket(pullingAt: parameters.endpoint(ofPeer: index), in: context)
        push = try FloorSocket(pushingTo: parameters.askerEndpoint, in: context)
        bulkBytes = parameters.bulkBytes
        try push.send([UInt8(index)] + Array(try pull.boundEndpoint().utf8))
    }

    /// Answers until the context is shut down.
    func run() throws {
        var items = [
            zmq_pollitem_t(socket: pull.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
        ]
        var message = zmq_msg_t()
        zmq_msg_init(&message)
        defer { zmq_msg_close(&message) }
        while true {
            while zmq_msg_recv(&message, pull.handle, ZMQ_DONTWAIT) > 0 {
                let request = zmq_msg_data(&message).load(as: UInt8.self)
                if request == Self.silentRequest { continue }
                if request == Self.bulkRequest {
                    let bulk = try bulk ?? FloorBulk(bytes: bulkBytes)
                    self.bulk = bulk
                    bulk.copy(to: &message)
                }
                guard zmq_msg_send(&message, push.handle, 0) >= 0 else { break }
            }
            switch zmq_errno() {
            case EAGAIN: zmq_poll(&items, 1, -1)
            case EINTR: continue
            case ETERM: return
            default: throw FloorError.last("answering", "an echo peer")
            }
        }
    }
}

/// A large message. It is never sent itself: a copy shares its bytes, so that sending costs no
/// copying.
final class FloorBulk {
    private var message = zmq_msg_t()

    init(bytes: Int) throws {
        guard zmq_msg_init_size(&message, bytes) == 0 else {
            zmq_msg_init(&message)
            throw FloorError.last("zmq_msg_init_size", "\(bytes) bytes")
        }
        memset(zmq_msg_data(&message), 1, bytes)
    }

    deinit { zmq_msg_close(&message) }

    /// - Parameter copy: an initialized message, whose content it replaces.
    func copy(to copy: inout zmq_msg_t) { zmq_msg_copy(&copy, &message) }
}

/// The echo peers of one measurement, each on its own thread of this process.
final class FloorEchoPeers {
    private let contexts: [FloorContext]
    private let running = DispatchGroup()

    /// - Parameter shared: the context of all peers where the transport is `inproc`; else nil,
    ///   and every peer has its own.
    init(_ parameters: FloorEchoParameters, sharing shared: FloorContext? = nil) throws {
        contexts = try (0..<parameters.peers).map { _ in try shared ?? FloorContext() }
        let peers = try contexts.enumerated().map { index, context in
            try FloorEchoPeer(index, parameters, in: context)
        }
        for peer in peers {
            running.enter()
            Thread.detachNewThread { [running] in
                do {
                    try peer.run()
                } catch {
                    // The asker sees no answer and says so after its deadline.
                    FileHandle.standardError.write(Data("\(error)\n".utf8))
                }
                running.leave()
            }
        }
    }

    /// Shuts the contexts down, a shared one too, and waits until the threads have ended.
    func stop() {
        for context in contexts { context.shutDown() }
        running.wait()
    }
}
