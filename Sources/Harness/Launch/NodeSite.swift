import Roles

/// Where the nodes of a session live, and how its driver starts them, reaches them and waits for
/// them: this machine, or a simulation.
protocol NodeSite: AnyObject {
    /// The driver's own place among them.
    var endpoint: any NodeEndpoint { get }

    /// Whether the first lives of all nodes are linked to their peers when they begin, so that
    /// nobody has to tell them where these are.
    var linksFirstLives: Bool { get }

    /// Nanoseconds on the clock that all nodes share.
    func now() -> UInt64

    /// Starts one life of a node, of which the one before is over. It is up when it says hello to the
    /// driver.
    func launch(_ member: Member) throws -> any RunningNode

    /// The next thing that has come for the driver, or nil. Never blocks.
    func next() throws -> NetworkEvent?

    /// Blocks until something comes, a node has complained or ended, or the time is over. To be
    /// called when `next` has found nothing.
    ///
    /// - Parameter deadline: on the shared clock.
    /// - Returns: what nodes had to tell, which may be nothing; nil where nothing can come any more.
    /// - Throws: `RunError.interrupted` where the user asks for it.
    func wait(until deadline: UInt64) throws -> [NodeWords]?

    /// Lets everything that is on its way come to rest, where time is virtual.
    ///
    /// - Returns: false where it is not.
    func settle() throws -> Bool

    /// Blocks until a node has complained or ended, or the time is over. What comes meanwhile stays
    /// where it is.
    ///
    /// - Throws: `RunError.interrupted` where the user asks for it.
    func wait(forWordsOf node: NodeID, until deadline: UInt64) throws -> NodeWords?
}

/// What a node has said outside of all protocols, and whether that was its end.
struct NodeWords {
    var node: NodeID
    var text: String
    var isGone: Bool
}
