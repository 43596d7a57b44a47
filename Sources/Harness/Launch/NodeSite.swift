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

    /// Starts one life of a node. It is up when it says hello to the driver.
    func launch(_ member: Member) throws -> any RunningNode

    /// The next thing that has come for the driver, or nil. Never blocks.
    func next() throws -> NetworkEvent?

    /// Blocks until something comes, one of `nodes` has complained or ended, or the time is over. To
    /// be called when `next` has found nothing.
    ///
    /// - Parameter deadline: on the shared clock.
    /// - Returns: the indexes of those nodes; nil where nothing can come any more.
    /// - Throws: `RunError.interrupted` where the user asks for it.
    func wait(for nodes: [any RunningNode], until deadline: UInt64) throws -> [Int]?

    /// Blocks until a node has complained or ended, or the time is over. What comes meanwhile stays
    /// where it is.
    ///
    /// - Returns: whether the node has something to tell.
    /// - Throws: `RunError.interrupted` where the user asks for it.
    func wait(forWordsOf node: any RunningNode, until deadline: UInt64) throws -> Bool
}
