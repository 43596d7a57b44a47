import Roles
import Structures
import Testing

@testable import Transport

/// When a hosted role hears what, and where its updates are broken off.
struct RoleHostTests {
    /// Writes down what it is told, and sends every update to nodes 2, 3 and 4.
    private struct Diary: Role {
        final class Entries {
            var texts: [String] = []
        }

        let entries = Entries()
        var ledger: Ledger { Ledger() }
        var elementCount: Int { 0 }
        func snapshot() -> Message { Message(head: []) }

        mutating func handle(_ event: Event, into effects: inout [Effect]) {
            switch event {
            case .start: entries.texts.append("start")
            case .message(_, let node): entries.texts.append("message of \(node.rawValue)")
            case .peerLost(let node): entries.texts.append("loss of \(node.rawValue)")
            case .update(_, let ticket, _):
                entries.texts.append("update \(ticket)")
                for node in 2...4 {
                    effects.append(.send(Message(head: []), to: NodeID(node), .update))
                }
            case .proceed: entries.texts.append("proceed")
            case .idle: entries.texts.append("idle")
            }
        }
    }

    private final class Observer: RoleHostObserver {
        var reached: [(breakpoint: Breakpoint, peers: [NodeID])] = []

        func roleReported(_ report: Report) {}
        func received(control message: Message, from node: NodeID) {}
        func peerUp(_ peer: Member) {}
        func peerLost(_ peer: Member) {}
        func alarmRang() {}
        func roleReached(_ breakpoint: Breakpoint, peers: [NodeID]) {
            reached.append((breakpoint, peers))
        }
    }

    private let diary = Diary()
    private let host: RoleHost
    private let observer = Observer()

    init() throws {
        host = RoleHost(
            role: diary,
            endpoint: try Endpoint(
                of: Member(NodeID(1), incarnation: 1), kind: .inproc, run: 1,
                in: try MessagingContext()))
        host.observer = observer
    }

    private func update(_ tickets: ClosedRange<UInt64>) {
        for ticket in tickets {
            host.deliver(.update(group: 0, ticket: ticket, Operation(.append, value: [1])))
        }
    }

    @Test func startIsTheFirstEventWhateverComesBefore() {
        host.deliver(.message(Message(head: []), from: NodeID(2)))
        host.deliver(.peerLost(NodeID(2)))
        #expect(diary.entries.texts == [])
        host.start(Start(.recovery, peers: [NodeID(2)]))
        #expect(diary.entries.texts == ["start", "message of 2", "loss of 2"])
    }

    @Test func whatComesDuringAHoldFollowsIt() {
        host.start(Start(.initial, peers: []))
        host.hold()
        update(1...2)
        #expect(diary.entries.texts == ["start"])
        host.release()
        #expect(diary.entries.texts == ["start", "update 1", "update 2"])
    }

    @Test(arguments: 0...4)
    func aNodeThatIsToDieReachesTheFirstPeersAndStops(reached: Int) {
        host.start(Start(.initial, peers: []))
        host.breakpoint = Breakpoint(group: 0, first: 2, last: 3, reached: reached)
        update(1...5)
        // What came before goes to all, and what the node dies of is on its way when it stops.
        #expect(
            diary.entries.texts == ["start", "update 1", "idle", "update 2", "update 3", "idle"])
        #expect(observer.reached.map(\.breakpoint.last) == [3])
        #expect(observer.reached.first?.peers == (2...4).prefix(reached).map { NodeID($0) })
    }

    @Test func aNodeThatOnlyTellsTheMomentGoesOn() {
        host.start(Start(.initial, peers: []))
        host.breakpoint = Breakpoint(group: 0, first: 2, last: 2, reached: nil)
        update(1...3)
        #expect(diary.entries.texts.last == "update 3")
        #expect(observer.reached.map(\.breakpoint.last) == [2])
    }
}
