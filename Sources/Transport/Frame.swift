import CZeroMQ
import Glibc
import Roles

/// A received ZeroMQ frame, closed with the last reference.
final class Frame {
    /// Memory of its own: a stored value would be guarded at run time whenever C gets its address.
    private let message = UnsafeMutablePointer<zmq_msg_t>.allocate(capacity: 1)

    init() { zmq_msg_init(message) }

    deinit {
        zmq_msg_close(message)
        message.deallocate()
    }

    /// Takes the next frame that waits at `socket`; false where none does.
    func receive(from socket: Socket) throws(ZeroMQError) -> Bool {
        try zeroMQ("zmq_msg_recv") { zmq_msg_recv(message, socket.handle, ZMQ_DONTWAIT) } != nil
    }

    /// Valid while the frame lives and nothing else is received into it.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: zmq_msg_data(message), count: zmq_msg_size(message))
    }

    /// Whether more frames of the same message follow.
    var hasMore: Bool { zmq_msg_more(message) != 0 }
}

extension Socket {
    /// Sends a message: envelope and head in one frame, the body in a second one without a copy.
    func send(_ message: Message, in envelope: Envelope) throws(ZeroMQError) {
        var frame = zmq_msg_t()
        let size = Envelope.byteCount + message.head.count
        try zeroMQ("zmq_msg_init_size") { zmq_msg_init_size(&frame, size) }
        let memory = UnsafeMutableRawBufferPointer(start: zmq_msg_data(&frame), count: size)
        envelope.store(to: memory)
        message.head.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(rebasing: memory[Envelope.byteCount...]).copyMemory(
                from: $0)
        }
        try send(&frame, flags: message.body == nil ? 0 : ZMQ_SNDMORE)
        if let body = message.body { try send(body) }
    }

    /// ZeroMQ keeps a reference to the body's owner until the bytes are on their way.
    private func send(_ body: Body) throws(ZeroMQError) {
        var frame = zmq_msg_t()
        let reference = Unmanaged.passRetained(body.owner)
        try zeroMQ("zmq_msg_init_data") {
            zmq_msg_init_data(
                &frame, UnsafeMutableRawPointer(mutating: body.bytes.baseAddress), body.count,
                { _, hint in
                    if let hint { Unmanaged<AnyObject>.fromOpaque(hint).release() }
                }, reference.toOpaque())
        }
        try send(&frame, flags: 0)
    }

    private func send(_ frame: inout zmq_msg_t, flags: Int32) throws(ZeroMQError) {
        do {
            // Without a high-water mark only a socket with no connection would block.
            let sent = try zeroMQ("zmq_msg_send") {
                zmq_msg_send(&frame, handle, flags | ZMQ_DONTWAIT)
            }
            if sent == nil { zmq_msg_close(&frame) }
        } catch {
            zmq_msg_close(&frame)
            throw error
        }
    }
}
