/// A point in the middle of a node's own updates at which something crashes.
package struct Breakpoint: Sendable, Equatable {
    package var group: Int
    /// The ticket of the update in the middle of which it is.
    package var first: UInt64
    /// The ticket of the last update that begins before the crash.
    package var last: UInt64
    /// Where this node is the one that crashes: only so many of the peers get the updates from
    /// `first` on, and after `last` the role is told nothing more. Else nil, and nothing changes.
    package var reached: Int?

    package init(group: Int, first: UInt64, last: UInt64, reached: Int?) {
        self.group = group
        self.first = first
        self.last = last
        self.reached = reached
    }
}
