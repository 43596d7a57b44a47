import CZeroMQ
import Foundation
import Testing

/// What a stranger may send to a port that it finds open.
enum Noise {
    /// The greeting of ZeroMQ's protocol (ZMTP 3.0) with the mechanism NULL, and a ready PUSH.
    private static let handshake: [UInt8] = {
        var greeting: [UInt8] = [0xff] + [UInt8](repeating: 0, count: 8) + [0x7f, 3, 0]
        greeting += Array("NULL".utf8) + [UInt8](repeating: 0, count: 48)
        let ready =
            [5] + Array("READY".utf8) + [11] + Array("Socket-Type".utf8) + [0, 0, 0, 4]
            + Array("PUSH".utf8)
        return greeting + [4, UInt8(ready.count)] + ready
    }()

    /// Bytes on a raw connection.
    static let streams: [[UInt8]] = [
        [],
        Array("GET / HTTP/1.1\r\n\r\n".utf8),
        (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) },
        Array(handshake.prefix(20)),
        // A frame that claims more bytes than any machine has, and one that never ends.
        handshake + [2, 0x3f, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3],
        handshake + [0, 200, 1, 2, 3],
    ]

    /// Messages on a ZeroMQ connection: random frames, many frames, and an envelope of another run.
    static let messages: [[[UInt8]]] = {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<300).map { _ in
            [(0..<Int.random(in: 0..<80)).map { _ in UInt8.random(in: 0...255, using: &generator) }]
        }
        let otherRun: [UInt8] =
            [0x43, 0x42, 1, 1] + [UInt8](repeating: 9, count: 8) + [2, 0, 0, 0, 1, 0, 0, 0]
            + [1, 0, 0, 0] + Array("tcp://127.0.0.1:1".utf8)
        return random + [Array(repeating: [1], count: 100), [otherRun], [otherRun, [1]]]
    }()

    static func push(_ messages: [[[UInt8]]], to port: UInt16) throws {
        let context = try #require(zmq_ctx_new())
        // Waits until everything is sent.
        defer { zmq_ctx_term(context) }
        let push = try #require(zmq_socket(context, ZMQ_PUSH))
        defer { zmq_close(push) }
        var linger: Int32 = 10_000
        zmq_setsockopt(push, ZMQ_LINGER, &linger, MemoryLayout<Int32>.size)
        #expect(zmq_connect(push, "tcp://127.0.0.1:\(port)") == 0)
        for message in messages {
            for (index, frame) in message.enumerated() {
                let more = index < message.count - 1 ? ZMQ_SNDMORE : 0
                #expect(zmq_send(push, frame, frame.count, more) == Int32(frame.count))
            }
        }
    }
}
