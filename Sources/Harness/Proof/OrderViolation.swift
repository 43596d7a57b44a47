/// Where the members' logs break what an atomic multicast promises (Hadzilacos and Toueg 1994,
/// sections 3.1 and 7). Groups count from 0, and places in a group's order from 0.
package enum OrderViolation: Error, Equatable, CustomStringConvertible {
    /// An update and the member that has it.
    package struct Entry: Equatable, Sendable {
        package var member: String
        package var update: String
    }

    /// Total order: two members have different updates at the same place.
    case differentOrder(group: Int, place: Int, Entry, Entry)
    /// Total order: a re-entered member has an update later than the order of another says.
    case differentPlace(group: Int, place: Int, Entry, other: Int, member: String)
    /// Agreement: `member` was there and has not delivered what another has.
    case missing(group: Int, place: Int, member: String, delivered: Entry)
    /// Agreement: what a re-entered member delivered first stands in no other member's log.
    case unconnected(group: Int, Entry)
    /// Integrity: a member delivered an update twice.
    case repeated(group: Int, place: Int, first: Int, Entry)
    /// Integrity: no client began the update.
    case notBegun(group: Int, place: Int, Entry)
    /// Integrity: the member is none of the group's.
    case foreign(group: Int, Entry)
    /// Validity: the client has its answer, and no member delivered the update.
    case lost(group: Int, update: String)
    /// No member that is there delivered the group's first updates.
    case unknownStart(group: Int)
    /// Agreement between groups: an update to both was delivered in one of them.
    case partial(update: String, deliveredIn: Int, missingIn: Int)
    /// Total order between groups: each step says that a group delivered one update before another,
    /// and together they go round.
    case circle([Precedence])

    /// `earlier` stands before `later` in the group's order.
    package struct Precedence: Equatable, Sendable {
        package var group: Int
        package var earlier: String
        package var later: String
    }

    package var description: String {
        switch self {
        case .differentOrder(let group, let place, let one, let other):
            "group \(group + 1): the orders differ at place \(place + 1), where \(one.member) "
                + "delivered \(one.update) and \(other.member) delivered \(other.update)"
        case .differentPlace(let group, let place, let entry, let other, let member):
            "group \(group + 1): the orders differ, \(entry.member) delivered \(entry.update) at "
                + "place \(place + 1) and \(member) at place \(other + 1)"
        case .missing(let group, let place, let member, let delivered):
            "group \(group + 1): \(member) has not delivered \(delivered.update), which "
                + "\(delivered.member) delivered at place \(place + 1)"
        case .unconnected(let group, let entry):
            "group \(group + 1): \(entry.member) re-entered and delivered \(entry.update), which no "
                + "other member has delivered"
        case .repeated(let group, let place, let first, let entry):
            "group \(group + 1): \(entry.member) delivered \(entry.update) twice, at places "
                + "\(first + 1) and \(place + 1)"
        case .notBegun(let group, let place, let entry):
            "group \(group + 1): \(entry.member) delivered \(entry.update) at place \(place + 1), "
                + "which no client began"
        case .foreign(let group, let entry):
            "group \(group + 1): \(entry.member), which is no member of the group, delivered "
                + entry.update
        case .lost(let group, let update):
            "group \(group + 1): \(update) was acknowledged, and no member delivered it"
        case .unknownStart(let group):
            "group \(group + 1): no member was there from the beginning, so that the order of its "
                + "updates cannot be known"
        case .partial(let update, let delivered, let missing):
            "\(update) was delivered in group \(delivered + 1) and not in group \(missing + 1)"
        case .circle(let steps):
            "the orders of groups contradict each other: "
                + steps.map { step in
                    "group \(step.group + 1) delivered \(step.earlier) before \(step.later)"
                }.joined(separator: ", ")
        }
    }
}
