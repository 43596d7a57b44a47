import CZeroMQ

/// A ZeroMQ context: its I/O thread and, for inproc, its name space. It may be shared by threads,
/// each of which makes its own sockets in it.
///
/// Sendable although it holds a pointer: libzmq documents contexts as thread-safe, and the pointer
/// itself never changes.
package final class MessagingContext: @unchecked Sendable {
    let handle: UnsafeMutableRawPointer

    package init() throws(ZeroMQError) {
        guard let handle = zmq_ctx_new() else {
            throw ZeroMQError(call: "zmq_ctx_new", subject: "", code: zmq_errno())
        }
        self.handle = handle
        // Every link is a socket; the default of 1023 would end a large topology on threads.
        zmq_ctx_set(handle, ZMQ_MAX_SOCKETS, zmq_ctx_get(handle, ZMQ_SOCKET_LIMIT))
    }

    /// Waits until every socket of the context is closed, so the owner of the last socket lets go
    /// of the context last.
    deinit { zmq_ctx_term(handle) }
}
