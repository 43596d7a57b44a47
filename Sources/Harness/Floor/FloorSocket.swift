import CZeroMQ
import Foundation

/// Raw ZeroMQ for the floor, on purpose without the project's own transport: what the mechanisms
/// are compared with must not share their code.
///
/// A context with one I/O thread, as each node has. Ends with its last socket.
final class FloorContext {
    let handle: UnsafeMutableRawPointer

    init() throws {
        guard let handle = zmq_ctx_new() else { throw FloorError.last("zmq_ctx_new", "a context") }
        self.handle = handle
    }

    deinit { zmq_ctx_term(handle) }

    /// Makes every call on the context's sockets fail with ETERM. May be called by any thread.
    func shutDown() { zmq_ctx_shutdown(handle) }
}

/// A PULL or PUSH socket without a high-water mark that does not linger, as the mechanisms use.
/// Belongs to one thread at a time.
final class FloorSocket {
    let handle: UnsafeMutableRawPointer
    /// Keeps the context alive until the socket is closed.
    private let context: FloorContext

    /// Creates a PULL socket that is bound to `endpoint`.
    convenience init(pullingAt endpoint: String, in context: FloorContext) throws {
        try self.init(ZMQ_PULL, in: context)
        guard zmq_bind(handle, endpoint) == 0 else { throw FloorError.last("zmq_bind", endpoint) }
    }

    /// Creates a PUSH socket that is connected to `endpoint`.
    convenience init(pushingTo endpoint: String, in context: FloorContext) throws {
        try self.init(ZMQ_PUSH, in: context)
        guard zmq_connect(handle, endpoint) == 0 else {
            throw FloorError.last("zmq_connect", endpoint)
        }
    }

    private init(_ kind: Int32, in context: FloorContext) throws {
        guard let handle = zmq_socket(context.handle, kind) else {
            throw FloorError.last("zmq_socket", "a context")
        }
        self.handle = handle
        self.context = context
        for option in [ZMQ_SNDHWM, ZMQ_RCVHWM, ZMQ_LINGER] {
            var zero: Int32 = 0
            guard zmq_setsockopt(handle, option, &zero, MemoryLayout<Int32>.size) == 0 else {
                throw FloorError.last("zmq_setsockopt", "a socket")
            }
        }
    }

    deinit { zmq_close(handle) }

    /// The endpoint that the last bind chose.
    func boundEndpoint() throws -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        var size = buffer.count
        guard zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &buffer, &size) == 0 else {
            throw FloorError.last("zmq_getsockopt", "a bound socket")
        }
        return String(decoding: buffer[..<(size - 1)].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    func send(_ bytes: [UInt8]) throws {
        guard zmq_send(handle, bytes, bytes.count, 0) >= 0 else {
            throw FloorError.last("zmq_send", "a socket")
        }
    }

    func send(_ bulk: FloorBulk) throws {
        var message = zmq_msg_t()
        zmq_msg_init(&message)
        bulk.copy(to: &message)
        guard zmq_msg_send(&message, handle, 0) >= 0 else {
            zmq_msg_close(&message)
            throw FloorError.last("zmq_msg_send", "a socket")
        }
    }
}

extension FloorError {
    /// The error of the libzmq call that just failed on this thread.
    static func last(_ call: String, _ place: String) -> FloorError {
        .call(name: call, on: place, reason: String(cString: zmq_strerror(zmq_errno())))
    }
}

/// CLOCK_MONOTONIC in nanoseconds.
func floorClock() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
}
