import CZeroMQ
import Foundation
import ProgramTesting
import Roles
import Structures
import Testing

@testable import Transport

/// Endpoints on real sockets, all driven by one thread.
struct EndpointTests {
    enum Kind: String, CaseIterable, Sendable {
        case tcp
        case ipc
        case inproc
    }

    /// Endpoints that share a context, and what each has heard.
    final class Net {
        let context: MessagingContext
        let kind: EndpointKind
        let directory: String
        private(set) var endpoints: [NodeID: Endpoint] = [:]
        private(set) var heard: [NodeID: [NetworkEvent]] = [:]

        init(_ kind: Kind) throws {
            context = try MessagingContext()
            directory = NSTemporaryDirectory() + "cb-\(UInt32.random(in: 0...UInt32.max))"
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true)
            self.kind =
                switch kind {
                case .tcp: .tcp
                case .ipc: .ipc(directory: directory)
                case .inproc: .inproc
                }
        }

        deinit { try? FileManager.default.removeItem(atPath: directory) }

        @discardableResult
        func add(_ node: Int, incarnation: Incarnation = 1, run: UInt64 = 7) throws -> Endpoint {
            let endpoint = try Endpoint(
                of: Member(NodeID(node), incarnation: incarnation), kind: kind, run: run,
                in: context)
            endpoints[NodeID(node)] = endpoint
            heard[NodeID(node)] = []
            return endpoint
        }

        func remove(_ node: Int) { endpoints[NodeID(node)] = nil }

        func link(_ from: Int, _ to: Int) throws {
            let target = try #require(endpoints[NodeID(to)])
            try endpoints[NodeID(from)]?.connect(to: target.member, at: target.address)
        }

        /// Serves all endpoints until the condition holds; fails after ten seconds.
        func wait(
            _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
            until condition: () -> Bool
        ) throws {
            let deadline = MonotonicClock.now() + 10_000_000_000
            while !condition() {
                for (node, endpoint) in endpoints {
                    while let event = try endpoint.next() { heard[node]?.append(event) }
                    _ = try endpoint.wait(for: [], atMost: 1_000_000)
                }
                guard MonotonicClock.now() < deadline else {
                    Issue.record("waited in vain for \(what)", sourceLocation: sourceLocation)
                    return
                }
            }
        }

        func messages(at node: Int) -> [[UInt8]] {
            (heard[NodeID(node)] ?? []).compactMap {
                if case .message(let message, .role, _) = $0 { message.head } else { nil }
            }
        }

        func lost(at node: Int) -> [Member] {
            (heard[NodeID(node)] ?? []).compactMap {
                if case .peerLost(let member) = $0 { member } else { nil }
            }
        }

        func isLinked(_ from: Int, _ to: Int) -> Bool {
            endpoints[NodeID(from)]?.isLinked(to: [NodeID(to)]) == true
        }
    }

    @Test(
        "A hello links both sides; messages come in order, with their bodies",
        arguments: Kind.allCases)
    func exchange(kind: Kind) throws {
        let net = try Net(kind)
        let first = try net.add(1)
        try net.add(2)
        try net.link(1, 2)
        try net.wait("links") { net.isLinked(1, 2) && net.isLinked(2, 1) }
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        for number in 0..<100 as Range<UInt8> {
            try first.send(
                Message(head: [number], body: number == 50 ? Body(copying: bytes) : nil),
                to: NodeID(2),
                channel: .role)
        }
        try net.wait("messages") { net.messages(at: 2).count == 100 }
        #expect(net.messages(at: 2) == (0..<100).map { [$0] })
        let bodies = (net.heard[NodeID(2)] ?? []).compactMap {
            if case .message(let message, _, _) = $0 { message.body } else { nil }
        }
        #expect(bodies.count == 1)
        #expect(bodies.first.map { Array($0.bytes) } == bytes)
    }

    @Test("The end of a peer is noticed from the connection", arguments: Kind.allCases)
    func loss(kind: Kind) throws {
        let net = try Net(kind)
        for node in 1...3 { try net.add(node) }
        for (from, to) in [(1, 2), (1, 3), (2, 3)] { try net.link(from, to) }
        try net.wait("links") {
            net.isLinked(1, 2) && net.isLinked(2, 3) && net.isLinked(3, 1) && net.isLinked(3, 2)
                && net.isLinked(1, 3) && net.isLinked(2, 1)
        }
        net.remove(2)
        try net.wait("the loss") { !net.lost(at: 1).isEmpty && !net.lost(at: 3).isEmpty }
        #expect(net.lost(at: 1) == [Member(NodeID(2), incarnation: 1)])
        #expect(net.lost(at: 3) == [Member(NodeID(2), incarnation: 1)])
        #expect(net.isLinked(1, 3))
        // The next life is a new peer.
        try net.add(2, incarnation: 2)
        try net.link(2, 1)
        try net.wait("the new life") { net.isLinked(1, 2) && net.isLinked(2, 1) }
    }

    @Test(
        "A new life that is heard before the end of the old one ends it", arguments: Kind.allCases)
    func newLifeFirst(kind: Kind) throws {
        let net = try Net(kind)
        try net.add(1)
        let old = try net.add(2)
        try net.link(2, 1)
        try net.wait("links") { net.isLinked(1, 2) && net.isLinked(2, 1) }
        try net.add(2, incarnation: 2)
        try net.link(2, 1)
        try net.wait("the new life") { net.isLinked(1, 2) && !net.lost(at: 1).isEmpty }
        #expect(net.lost(at: 1) == [Member(NodeID(2), incarnation: 1)])
        // What the old life still says is dropped.
        try old.send(Message(head: [9]), to: NodeID(1), channel: .role)
        try net.endpoints[NodeID(2)]?.send(Message(head: [8]), to: NodeID(1), channel: .role)
        try net.wait("the stale message") { net.endpoints[NodeID(1)]?.counters.stale == 1 }
        try net.wait("the message") { !net.messages(at: 1).isEmpty }
        #expect(net.messages(at: 1) == [[8]])
    }

    @Test("A peer whose address nobody answers is lost")
    func refusedConnection() throws {
        let net = try Net(.tcp)
        try net.add(1)
        // Nobody listens on port 1.
        try net.endpoints[NodeID(1)]?.connect(
            to: Member(NodeID(5), incarnation: 1), at: "tcp://127.0.0.1:1")
        try net.wait("the loss") { !net.lost(at: 1).isEmpty }
        #expect(net.lost(at: 1) == [Member(NodeID(5), incarnation: 1)])
    }

    @Test("Messages of another run are dropped")
    func otherRun() throws {
        let net = try Net(.tcp)
        try net.add(1)
        try net.add(2, run: 8)
        try net.link(2, 1)
        try net.wait("the strange hello") { net.endpoints[NodeID(1)]?.counters.strange == 1 }
        #expect(!net.isLinked(1, 2))
    }

    @Test("Any bytes on the socket are counted and dropped, and the endpoint serves on")
    func hostileBytes() throws {
        let net = try Net(.tcp)
        let victim = try net.add(1)
        let stranger = try Socket(ZMQ_PUSH, in: net.context)
        try stranger.connect(victim.address)
        var generator = SystemRandomNumberGenerator()
        let envelope = Envelope(
            channel: .role, run: 7, sender: Member(NodeID(9), incarnation: 1),
            receiverIncarnation: 1)
        for number in 0..<500 {
            let bytes = (0..<Int.random(in: 0..<80)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            // Some are whole frames of noise, some are envelopes with noise behind them.
            if number.isMultiple(of: 2) {
                bytes.withUnsafeBytes {
                    _ = zmq_send(stranger.handle, $0.baseAddress, $0.count, 0)
                }
            } else {
                try stranger.send(Message(head: bytes), in: envelope)
            }
        }
        for part in 0..<3 {
            zmq_send(stranger.handle, "x", 1, part < 2 ? ZMQ_SNDMORE : 0)
        }
        // A hello of this run whose address is none.
        var hello = envelope
        hello.channel = .hello
        try stranger.send(Message(head: [0xff]), in: hello)
        try net.wait("the count") {
            victim.counters == .init(strange: 251, malformed: 1, stale: 250)
        }
        try rawBytes(to: victim.address)
        try net.add(2)
        try net.link(2, 1)
        try net.wait("links") { net.isLinked(1, 2) && net.isLinked(2, 1) }
        try victim.send(Message(head: [1]), to: NodeID(2), channel: .role)
        try net.wait("service") { net.messages(at: 2) == [[1]] }
    }

    /// Writes bytes that are not even ZeroMQ's protocol.
    private func rawBytes(to address: String) throws {
        let port = try #require(UInt16(address.split(separator: ":").last ?? ""))
        let noise = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(write(noise, toLoopbackPort: port))
    }

    @Test("A message to a node that is gone or unknown is dropped")
    func noReceiver() throws {
        let net = try Net(.tcp)
        let endpoint = try net.add(1)
        #expect(try !endpoint.send(Message(head: [1]), to: NodeID(4), channel: .role))
    }

    @Test("A descriptor beside the links ends the wait")
    func descriptors() throws {
        let net = try Net(.tcp)
        let endpoint = try net.add(1)
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        #expect(try endpoint.wait(for: [descriptor], atMost: 0) == [false])
        try pipe.fileHandleForWriting.close()
        #expect(try endpoint.wait(for: [descriptor], atMost: nil) == [true])
    }
}
