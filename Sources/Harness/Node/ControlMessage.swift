import Foundation
import Roles
import Structures

/// What the driver and a node say to each other around the protocol, never within a timed region.
/// The form is JSON, except for bulk data, which travels as the message's body.
enum ControlMessage: Codable {
    // Driver to node.

    /// Connect to these peers and start the role; a recovery pauses where it enters a phase not
    /// before `pause`.
    case link(peers: [Peer], isRecovery: Bool, pause: RecoveryPhase?)
    /// Start the first life of the role: all peers are linked already.
    case begin
    /// Go on with the paused recovery.
    case goOn
    /// Perform an initiator's part of a batch.
    case perform(Assignment)
    /// Hold in the middle of the updates, whatever they are.
    case halt
    case tellStatus
    case tellState
    case tellDeliveries
    /// Send every peer a `mark`.
    case markLinks

    // Node to driver.

    /// All links stand in both directions.
    case linked
    /// A peer's connection went, at this moment of the monotonic clock.
    case noticed(Member, at: UInt64)
    /// The updates asked for are complete; the body holds an `UpdateRecord` for each of the part.
    case performed(group: Int, Completions)
    /// The update at which another node is to crash has begun.
    case begun(group: Int)
    /// The node has stopped in the middle of a group's updates, of which `begun` have begun; the body
    /// holds an `UpdateRecord` for each of the part, blank for what is not complete.
    case cut(group: Int, begun: Int)
    /// Stands behind a `cut` for each group. What the updates in flight still go to are the `reached`
    /// peers.
    case halted(reached: [NodeID])
    /// All that a peer sent before its `mark` has come.
    case marked(by: NodeID)
    /// The recovery has paused.
    case paused
    case status(NodeStatus)
    /// The body holds each `Delivery` since the last question.
    case deliveries
    case recovered(RecoveryTimes)
    /// What a recovery that this node leads had and made.
    case log(RecoveryLog)
    /// The role cannot go on.
    case failed(String)

    // Node to node.

    /// Stands behind what the sender has sent so far, such as the last update before it crashes.
    case mark

    struct Peer: Codable {
        var member: Member
        var address: String
    }

    /// Updates of one group.
    enum Batch: Codable, Equatable {
        case warmUp(pairs: Int)
        /// Those of its trace from number `first` on.
        case trace(first: Int, count: Int)

        var count: Int {
            switch self {
            case .warmUp(let pairs): 2 * pairs
            case .trace(_, let count): count
            }
        }
    }

    /// What one initiator performs of a batch.
    struct Assignment: Codable, Equatable {
        var group: Int
        var batch: Batch
        var share: Share
        /// The ticket of the part's first update; those of the others follow one by one.
        var firstTicket: UInt64
        /// The first of the part's updates that is performed, from 0.
        var start = 0
        /// Those behind it that are not.
        var done: [Int] = []
        var interruption: Interruption?
    }

    /// Where a batch is interrupted by a crash.
    struct Interruption: Codable, Equatable {
        /// The update in the middle of which the crash comes: its place in the part, from 0.
        var index: Int
        /// How many more updates begin before it, at most.
        var following: Int
        /// Of the node that performs the batch: how many backups the updates in flight reach. Nil
        /// where other nodes crash and it only tells the moment.
        var reached: Int?
    }

    /// When a batch's updates were complete.
    struct Completions: Codable, Equatable {
        /// The last one, on the monotonic clock.
        var last: UInt64
        /// Nanoseconds of the longest time without one, from the beginning of the batch on.
        var longestGap: UInt64
    }

    func encoded(body: Body? = nil) throws -> Message {
        Message(head: Array(try JSONEncoder().encode(self)), body: body)
    }

    init(decoding message: Message) throws {
        self = try JSONDecoder().decode(ControlMessage.self, from: Data(message.head))
    }
}

/// A node's full state on its way to the driver: not JSON, since it may be large. The first byte is
/// one that no JSON text begins with.
enum StateMessage {
    private static let mark: UInt8 = 0

    static func wrap(_ snapshot: Message) -> Message {
        Message(head: [mark] + snapshot.head, body: snapshot.body)
    }

    /// The snapshot, or nil where the message is another one.
    static func unwrap(_ message: Message) -> Message? {
        guard message.head.first == mark else { return nil }
        return Message(head: Array(message.head.dropFirst()), body: message.body)
    }
}

/// What a node is and holds at one moment.
struct NodeStatus: Codable, Equatable {
    var elements: Int
    var payloadBytes: Int
    var auxiliaryBytes: Int
    var slackBytes: Int
    var protocolBytes: Int
    /// Nil in a simulation, where no node has a process of its own.
    var usage: ProcessUsage?
    /// All messages of the role since the node began.
    var sent: RoleHost.Traffic
    var received: RoleHost.Traffic
    /// The most that the node held at once for the updates that start here; nil where none do.
    var recordingBytes: Int?
    /// Messages and bytes that the role has sent for recoveries since the node began.
    var recoveryMessages: Int
    var recoveryBytes: Int
    /// Messages of this run that could not be read. What strangers send is not among them.
    var malformedMessages: Int

    var ledger: Ledger {
        Ledger(
            payload: payloadBytes, auxiliary: auxiliaryBytes, slack: slackBytes,
            protocolState: protocolBytes)
    }
}

/// When the phases of a recovery began and when it was over, on the monotonic clock.
struct RecoveryTimes: Codable, Equatable {
    var started: UInt64
    /// By `RecoveryPhase.rawValue`; nil for a phase that the mechanism does not have.
    var phases: [UInt64?]
    var ended: UInt64

    init(started: UInt64) {
        self.started = started
        phases = Array(repeating: nil, count: RecoveryPhase.allCases.count)
        ended = started
    }

    /// The recovery enters a phase. One that starts anew, since another node was lost, comes back to
    /// an earlier phase, which then has lasted from its first beginning.
    mutating func enter(_ phase: RecoveryPhase, at time: UInt64) {
        let index = Int(phase.rawValue)
        phases[index] = phases[index] ?? time
        for later in (index + 1)..<max(index + 1, phases.count) { phases[later] = nil }
    }

    /// Nanoseconds in each phase; together they are the whole recovery.
    var durations: [UInt64] {
        var durations = [UInt64](repeating: 0, count: phases.count)
        var end = ended
        for phase in phases.indices.reversed() {
            // The first phase begins with the recovery itself.
            let begin = phase == 0 ? started : phases[phase]
            guard let begin else { continue }
            durations[phase] = end - begin
            end = begin
        }
        return durations
    }
}
