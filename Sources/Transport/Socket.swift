import CZeroMQ
import Glibc

/// A ZeroMQ socket. It belongs to the thread that made it. Nothing waits in it when it is closed
/// (linger 0), and it queues without limit (high-water marks 0): protocols bound what is in flight.
final class Socket {
    let handle: UnsafeMutableRawPointer
    private let context: MessagingContext

    init(_ type: Int32, in context: MessagingContext) throws(ZeroMQError) {
        guard let handle = zmq_socket(context.handle, type) else {
            throw ZeroMQError(call: "zmq_socket", subject: "", code: zmq_errno())
        }
        self.handle = handle
        self.context = context
        try set(ZMQ_LINGER, to: 0)
        try set(ZMQ_SNDHWM, to: 0)
        try set(ZMQ_RCVHWM, to: 0)
    }

    deinit { zmq_close(handle) }

    func set(_ option: Int32, to value: Int32) throws(ZeroMQError) {
        try zeroMQ("zmq_setsockopt") {
            withUnsafeBytes(of: value) {
                zmq_setsockopt(handle, option, $0.baseAddress, $0.count)
            }
        }
    }

    func bind(_ address: String) throws(ZeroMQError) {
        try zeroMQ("zmq_bind", address) { zmq_bind(handle, address) }
    }

    func connect(_ address: String) throws(ZeroMQError) {
        try zeroMQ("zmq_connect", address) { zmq_connect(handle, address) }
    }

    /// The address that the last `bind` really took, wildcards resolved.
    func lastEndpoint() throws(ZeroMQError) -> String {
        var text = [UInt8](repeating: 0, count: 256)
        var size = text.count
        try zeroMQ("zmq_getsockopt", "ZMQ_LAST_ENDPOINT") {
            zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &text, &size)
        }
        return String(decoding: text.prefix(max(0, size - 1)), as: UTF8.self)
    }

    /// Becomes readable when the socket has something to look at. It tells of changes only: who
    /// waits for it has received all there is before.
    func descriptor() throws(ZeroMQError) -> Int32 {
        var descriptor: Int32 = -1
        var size = MemoryLayout<Int32>.size
        try zeroMQ("zmq_getsockopt", "ZMQ_FD") {
            zmq_getsockopt(handle, ZMQ_FD, &descriptor, &size)
        }
        return descriptor
    }

    /// Makes libzmq report the connection's life to `address`, where a PAIR socket can read it.
    func monitor(at address: String, events: Int32) throws(ZeroMQError) {
        try zeroMQ("zmq_socket_monitor", address) {
            zmq_socket_monitor(handle, address, events)
        }
    }
}
