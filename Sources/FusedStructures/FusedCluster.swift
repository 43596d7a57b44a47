import ErasureCode
import Fusion
import Roles
import Structures

/// Structures of one type that survive the crash of any `faults` servers.
///
/// Each structure is on a primary server of its own, and `faults` backup servers hold the erasure
/// code of all of them together (Garg and Ogale 2007; Balasubramanian and Garg, TPDS 2013). What
/// several copies would need so many times, needs the space of the largest structure `faults` times.
///
///     let cluster = try FusedCluster<FusedList<Int>>(primaries: 3, faults: 2)
///     try cluster[0].append(123)
///     try cluster.crash([.primary(0), .backup(1)])
///     try cluster.recover()
///     try cluster[0].elements  // [123]
///
/// All servers live in this process, in memory. They exchange the messages of the real protocol, and
/// a crash really drops what a server holds. A cluster and its structures are for one thread or one
/// actor at a time.
public final class FusedCluster<Structure: FusedStructure> {
    /// The structures, each on a server of its own: `primaries[i]` on `.primary(i)`.
    public let primaries: [Structure]
    /// How many servers may be down at once: the number of backups.
    public let faults: Int

    package let host: Host
    let shape: StructureShape
    let wordBytes: Int
    package private(set) var down: Set<FusedServer> = []

    /// A cluster of empty structures. Throws `invalidCluster`.
    ///
    ///     let cluster = try FusedCluster<FusedMap<String, Int>>(primaries: 4, faults: 2)
    ///
    /// - Parameters:
    ///   - primaries: the number of structures, at least 1.
    ///   - faults: how many crashed servers the cluster survives, at least 1.
    ///   - code: the erasure code.
    ///   - maximumElementBytes: the bytes of the largest encoded element, 1 to 1,048,576; of no
    ///     meaning where all elements of the type have one size.
    public init(
        primaries: Int, faults: Int, code: FusedCode = .automatic,
        maximumElementBytes: Int = 4096
    ) throws(FusedError) {
        let code = try code.make(primaries: primaries, faults: faults)
        let shape = try Structure.form.shape(
            maximumElementBytes: maximumElementBytes, wordBytes: code.wordBytes)
        let host = Host(
            FusionMechanism(code: code, shape: shape, window: 1, logsRecovery: true),
            topology: FusionTopology(primaries: primaries, backups: faults))
        self.host = host
        self.shape = shape
        self.faults = faults
        wordBytes = code.wordBytes
        self.primaries = (0..<primaries).map {
            Structure(storage: FusedStorage(host: host, primary: $0))
        }
    }

    /// The structure on `.primary(index)`. Traps where there is none.
    public subscript(index: Int) -> Structure { primaries[index] }

    /// All servers, primaries first.
    public var servers: [FusedServer] {
        primaries.indices.map(FusedServer.primary) + (0..<faults).map(FusedServer.backup)
    }

    /// The servers that have crashed and not recovered.
    public var crashed: [FusedServer] { down.sorted() }

    func node(_ server: FusedServer) throws(FusedError) -> NodeID {
        switch server {
        case .primary(let index) where primaries.indices.contains(index):
            return host.topology.primary(index)
        case .backup(let index) where 0..<faults ~= index: return host.topology.backup(index)
        case .primary, .backup: throw .noSuchServer(server)
        }
    }

    func server(_ node: NodeID) -> FusedServer {
        switch host.topology.place(of: node) {
        case .primary(let index): .primary(index)
        case .backup(let index): .backup(index)
        case nil: preconditionFailure("node \(node.rawValue) is not in the topology")
        }
    }
}

// MARK: - Crashes and recovery

extension FusedCluster {
    /// Ends a server: all that it holds is gone. Throws `noSuchServer`, or `serverCrashed` where it
    /// is down already.
    ///
    ///     try cluster.crash(.backup(0))
    public func crash(_ server: FusedServer) throws(FusedError) { try crash([server]) }

    /// Ends several servers at once. Throws, and crashes none, where one cannot be crashed.
    public func crash(_ servers: [FusedServer]) throws(FusedError) {
        var nodes: [NodeID] = []
        for server in Set(servers).sorted() {
            let node = try node(server)
            guard !down.contains(server) else { throw .serverCrashed(server) }
            nodes.append(node)
        }
        down.formUnion(servers)
        host.crash(nodes)
    }

    /// Brings all crashed servers back. Throws `tooManyFailures` where more have crashed than the
    /// cluster tolerates; then all stays as it is.
    ///
    ///     print(try cluster.recover())
    ///
    /// - Returns: what was used and what was restored.
    @discardableResult
    public func recover() throws(FusedError) -> FusedRecovery { try recover(crashed) }

    /// Brings one server back, as `recover(_:)` does several.
    @discardableResult
    public func recover(_ server: FusedServer) throws(FusedError) -> FusedRecovery {
        try recover([server])
    }

    /// Brings some servers back; those that are up already are left alone. Throws `noSuchServer`,
    /// or `tooManyFailures` where more have crashed, these and others, than the cluster tolerates;
    /// then all stays as it is.
    @discardableResult
    public func recover(_ servers: [FusedServer]) throws(FusedError) -> FusedRecovery {
        for server in servers { _ = try node(server) }
        let failed = crashed
        guard failed.count <= faults else {
            let lost = failed.filter { if case .primary = $0 { true } else { false } }
            throw .tooManyFailures(lost: lost, failed: failed, faults: faults)
        }
        let returning = down.intersection(servers).sorted()
        let survivors = try recoverySources()
        let traffic = try host.recover(
            try returning.map { (server) throws(FusedError) in
                try node(server)
            })
        down.subtract(returning)
        return FusedRecovery(
            failed: failed,
            sources: survivors.filter { traffic.sources.contains($0.node) }.map(\.source),
            restored: try returning.map { (server) throws(FusedError) in try contents(of: server) },
            messages: traffic.messages, bytes: traffic.bytes)
    }
}
