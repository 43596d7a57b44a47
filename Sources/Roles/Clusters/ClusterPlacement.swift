/// Which server each node of each cluster lives on. No two nodes of one cluster share a server, so
/// that the crash of a server is one failure in each of its clusters (Warwick 2022, section 5.5).
struct ClusterPlacement: Sendable {
    /// A node of a cluster, by its own mechanism's number.
    struct Resident: Equatable, Sendable {
        var cluster: Int
        var node: NodeID
    }

    /// Per server, who lives there, by cluster.
    let residents: [[Resident]]
    /// Per cluster, the server of each of its nodes in their order.
    private let servers: [[NodeID]]

    /// Clusters begin one after another around the servers, so that primaries and backups mix.
    ///
    /// - Parameters:
    ///   - sizes: per cluster, the number of its nodes.
    ///   - servers: at least the largest size, and not more than all nodes together.
    init(sizes: [Int], servers count: Int) {
        precondition(sizes.allSatisfy { $0 <= count }, "a cluster has at most one node a server")
        precondition(sizes.reduce(0, +) >= count, "every server has a node")
        var residents: [[Resident]] = Array(repeating: [], count: count)
        var next = 0
        servers = sizes.enumerated().map { cluster, size in
            (0..<size).map { index in
                let server = next % count
                next += 1
                residents[server].append(Resident(cluster: cluster, node: NodeID(index + 1)))
                return NodeID(server + 1)
            }
        }
        self.residents = residents
    }

    func server(of resident: Resident) -> NodeID {
        servers[resident.cluster][Int(resident.node.rawValue) - 1]
    }

    /// The node of a cluster on a server; nil where it has none.
    func node(of cluster: Int, on server: NodeID) -> NodeID? {
        let index = Int(server.rawValue) - 1
        guard residents.indices.contains(index) else { return nil }
        return residents[index].first { $0.cluster == cluster }?.node
    }
}
