import Roles
import Structures
import Testing

@testable import Harness

/// What the judges of schedules call wrong. Each violation is made by hand, as no role makes it.
struct GroupJudgeTests {
    private static let shape = StructureShape(.list, values: .fixed(1))
    private static let first = Member(NodeID(2), incarnation: 1)
    private static let second = Member(NodeID(3), incarnation: 1)
    private static let sender = NodeID(1)

    private static func append(_ value: UInt8) -> Operation { Operation(.append, value: [value]) }

    // MARK: - A group with one initiator

    private static func initiatorJudge(
        _ operations: [Operation]
    ) -> (judge: InitiatorJudge, ids: [Delivery.ID]) {
        var judge = InitiatorJudge(name: "group 1", shape: shape)
        let ids = operations.map { judge.begin($0, at: sender) }
        return (judge, ids)
    }

    @Test("Updates are completed once, in their order, and refused where they must be")
    func initiatorAnswers() throws {
        var (judge, ids) = Self.initiatorJudge([
            Self.append(1), Self.append(2), Operation(.remove, at: 5), Operation(.read, at: 1),
        ])
        var other = judge
        expect("was completed before") { try other.take(.done, to: ids[1]) }
        other = judge
        expect("was refused (positionOutOfRange(position: 5, limit: 3))") {
            try other.take(
                .refused("\(StructureError.positionOutOfRange(position: 5, limit: 3))"), to: ids[2])
        }
        // At once, since the updates before it have changed the structure.
        try judge.take(
            .refused("\(StructureError.positionOutOfRange(position: 5, limit: 2))"), to: ids[2])
        try judge.take(.done, to: ids[0])
        try judge.take(.done, to: ids[1])
        other = judge
        expect("was answered with 1 bytes, 0x09, where it must be answered with 1 bytes, 0x02") {
            try other.take(.value([9]), to: ids[3])
        }
        other = judge
        expect("and operation 4 of group 1 has no answer") { _ = try other.rest() }
        try judge.take(.value([2]), to: ids[3])
        #expect(try judge.rest().elements() == [1, 2])
        expect("was answered twice") { try judge.take(.done, to: ids[0]) }
        expect("nobody asked for it") {
            try judge.take(.done, to: Delivery.ID(sender: Self.sender, ticket: 9))
        }
    }

    @Test("What comes back is all that was completed and a beginning of what was not")
    func fates() throws {
        var (judge, ids) = Self.initiatorJudge([Self.append(1), Self.append(2), Self.append(3)])
        try judge.take(.done, to: ids[0])
        for elements in [[1], [1, 2], [1, 2, 3]] as [[UInt8]] {
            var back = judge
            #expect(try back.recovered(Self.sender, elements: elements).isEmpty)
            #expect(back.vanished == 3 - elements.count)
            #expect(try back.rest().elements() == elements)
        }
        for elements in [[], [1, 3], [2]] as [[UInt8]] {
            var back = judge
            expect("neither what was completed nor that with any of the 2 updates behind it") {
                _ = try back.recovered(Self.sender, elements: elements)
            }
        }
    }

    // MARK: - A group whose members deliver

    private func memberJudge(answersDelivered: Bool = true, ordersReads: Bool = true) -> MemberJudge
    {
        MemberJudge(
            name: "group 1", members: [Self.first.node, Self.second.node], shape: Self.shape,
            answersDelivered: answersDelivered, ordersReads: ordersReads)
    }

    @Test("Members deliver the same in one order, each update once, and only what was begun")
    func order() throws {
        var judge = memberJudge()
        let one = judge.begin(Self.append(1), at: Self.sender)
        let two = judge.begin(Self.append(2), at: Self.sender)
        try judge.deliver(one, at: Self.first)
        var other = judge
        expect("where another member has delivered") { try other.deliver(two, at: Self.second) }
        other = judge
        expect("which stands at place 1") { try other.deliver(one, at: Self.first) }
        other = judge
        expect("which nobody has begun") {
            try other.deliver(Delivery.ID(sender: Self.sender, ticket: 3), at: Self.first)
        }
        try judge.deliver(two, at: Self.first)
        try judge.deliver(one, at: Self.second)
        try judge.take(.done, to: one)
        other = judge
        expect("operation 2 of node 1 in group 1 has no answer") { _ = try other.rest() }
        try judge.take(.done, to: two)
        other = judge
        expect("reached(1) of 2 updates") { _ = try other.rest() }
        try judge.deliver(two, at: Self.second)
        #expect(try judge.rest().elements() == [1, 2])
    }

    @Test("What was answered is delivered, is not lost, and was answered as the order says")
    func answers() throws {
        var judge = memberJudge()
        let one = judge.begin(Operation(.remove, at: 0), at: Self.sender)
        var other = judge
        expect("no member that is left has delivered it") { try other.take(.done, to: one) }
        try judge.deliver(one, at: Self.first)
        other = judge
        try other.take(.done, to: one)
        expect("was answered and is lost") { try other.lose(Self.first) }
        try judge.deliver(one, at: Self.second)
        try judge.take(.done, to: one)
        expect("was completed, where it must be refused") { _ = try judge.rest() }
    }

    @Test("What only a member that is gone has delivered never happened")
    func lostDeliveries() throws {
        var judge = memberJudge()
        let one = judge.begin(Self.append(1), at: Self.sender)
        let two = judge.begin(Self.append(2), at: Self.sender)
        try judge.deliver(one, at: Self.first)
        try judge.lose(Self.first)
        expect("and has no state") { try judge.deliver(two, at: Self.first) }
        try judge.deliver(two, at: Self.second)
        judge.install(Member(Self.first.node, incarnation: 2))
        try judge.deliver(one, at: Self.second)
        try judge.deliver(one, at: Member(Self.first.node, incarnation: 2))
        try judge.take(.done, to: one)
        try judge.take(.done, to: two)
        #expect(try judge.rest().elements() == [2, 1])
    }

    @Test("What was answered before another was begun stands before it, delivered or not")
    func realTime() throws {
        var judge = memberJudge(answersDelivered: false)
        let one = judge.begin(Self.append(1), at: Self.sender)
        try judge.take(.done, to: one)
        let two = judge.begin(Self.append(2), at: Self.sender)
        expect("which was answered before it was begun") { try judge.deliver(two, at: Self.first) }
        expect("was answered and is lost") {
            var other = memberJudge(answersDelivered: false)
            try other.take(.done, to: other.begin(Self.append(1), at: Self.sender))
            _ = try other.rest()
        }
    }

    @Test("Who takes a view has delivered the same as others in it, and is in it once")
    func views() throws {
        let members = [Self.first.node, Self.second.node]
        let reborn = Member(Self.second.node, incarnation: 2)
        var judge = memberJudge()
        let one = judge.begin(Self.append(1), at: Self.sender)
        var other = judge
        expect("which does not have it") { try other.enter(2, of: [NodeID(9)], Self.first) }
        try judge.enter(1, of: members, Self.first)
        other = judge
        try other.deliver(one, at: Self.second)
        expect("after 1 deliveries") { try other.enter(1, of: members, Self.second) }
        try judge.enter(1, of: members, Self.second)
        other = judge
        expect("enters view 1 of group 1") { try other.enter(1, of: [NodeID(3)], Self.second) }
        try judge.lose(Self.second)
        judge.install(reborn)
        expect("incarnations 1 and 2 of node 3 are both in view 1") {
            try judge.enter(1, of: members, reborn)
        }
    }

    @Test("A read of one member gives something that was there, unless somebody is suspected")
    func relaxedReads() throws {
        var judge = memberJudge(ordersReads: false)
        let one = judge.begin(Self.append(1), at: Self.sender)
        let reads = (0..<3).map { _ in judge.begin(Operation(.readAll), at: Self.sender) }
        try judge.deliver(one, at: Self.first)
        try judge.take(.value([]), to: reads[0])
        try judge.take(.value([1]), to: reads[1])
        var other = judge
        expect("a read, was answered with") { try other.take(.value([2]), to: reads[2]) }
        try judge.suspect(Self.second)
        try judge.take(.value([2]), to: reads[2])
        // Nothing that a suspected member does counts.
        try judge.deliver(Delivery.ID(sender: Self.sender, ticket: 99), at: Self.second)
    }

    private func expect(
        _ part: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () throws -> Void
    ) {
        let violation = #expect(throws: Violation.self, sourceLocation: sourceLocation) {
            try body()
        }
        #expect(
            violation?.description.contains(part) ?? false, "\(String(describing: violation))",
            sourceLocation: sourceLocation)
    }
}
