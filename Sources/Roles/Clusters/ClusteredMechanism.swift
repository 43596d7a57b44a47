import Structures

/// Several independent mechanisms on the same servers: each cluster is a set of structures with
/// backups of their own, and a server hosts nodes of many clusters (Warwick 2022, section 5.5).
/// Groups count through all clusters.
package struct ClusteredMechanism: Mechanism {
    private let clusters: [any Mechanism]
    private let placement: ClusterPlacement
    /// Per group, its cluster and its number there.
    private let groups: [(cluster: Int, group: Int)]
    package let nodes: [NodeDescription]

    /// - Parameters:
    ///   - clusters: each with its number of groups.
    ///   - servers: at least as many as the largest cluster has nodes.
    package init(_ clusters: [(mechanism: any Mechanism, groups: Int)], servers: Int) {
        self.clusters = clusters.map(\.mechanism)
        placement = ClusterPlacement(
            sizes: clusters.map(\.mechanism.nodes.count), servers: servers)
        groups = clusters.enumerated().flatMap { index, cluster in
            (0..<cluster.groups).map { (index, $0) }
        }
        let mechanisms = self.clusters
        nodes = placement.residents.enumerated().map { index, residents in
            NodeDescription(
                server: index + 1,
                residents: residents.map {
                    mechanisms[$0.cluster].description(of: $0.node)
                })
        }
    }

    package func peers(of node: NodeID) -> [NodeID] {
        var peers: Set<NodeID> = []
        for resident in residents(of: node) {
            for peer in clusters[resident.cluster].peers(of: resident.node) {
                peers.insert(
                    placement.server(
                        of: ClusterPlacement.Resident(cluster: resident.cluster, node: peer)))
            }
        }
        return peers.sorted()
    }

    package func initiators(of group: Int) -> [NodeID] {
        let (cluster, group) = groups[group]
        return clusters[cluster].initiators(of: group).map {
            placement.server(of: ClusterPlacement.Resident(cluster: cluster, node: $0))
        }
    }

    package func makeRole(of member: Member) -> any Role {
        server(member) { mechanism, member, _ in mechanism.makeRole(of: member) }
    }

    package func makeRole(
        of member: Member, holding contents: InitialContents
    ) throws -> any Role {
        try server(member) { mechanism, member, firstGroup in
            try mechanism.makeRole(of: member, holding: contents.dropping(firstGroup))
        }
    }

    private func server(
        _ member: Member,
        _ makeRole: (any Mechanism, Member, _ firstGroup: Int) throws -> any Role
    ) rethrows -> any Role {
        Server(
            tenants: try residents(of: member.node).map { resident in
                let mechanism = clusters[resident.cluster]
                let firstGroup = groups.firstIndex { $0.cluster == resident.cluster } ?? 0
                return Server.Tenant(
                    cluster: resident.cluster,
                    firstGroup: firstGroup,
                    groups: groups.count { $0.cluster == resident.cluster },
                    peers: mechanism.peers(of: resident.node),
                    role: try makeRole(
                        mechanism, Member(resident.node, incarnation: member.incarnation),
                        firstGroup))
            }, placement: placement)
    }

    package func firstDifference(
        in snapshots: [NodeID: Message], expected: [ModelStructure]
    ) -> String? {
        var states: [[NodeID: Message]] = Array(repeating: [:], count: clusters.count)
        for server in nodeIDs {
            guard let snapshot = snapshots[server] else { continue }
            do {
                let parts = try Server.parts(of: snapshot)
                let residents = residents(of: server)
                guard parts.count == residents.count else { throw MalformedMessage() }
                for (resident, part) in zip(residents, parts) {
                    states[resident.cluster][resident.node] = part
                }
            } catch {
                return "the state of \(description(of: server).name) cannot be read"
            }
        }
        for (cluster, mechanism) in clusters.enumerated() {
            let models = groups.indices.filter { groups[$0].cluster == cluster }
                .map { expected[$0] }
            if let difference = mechanism.firstDifference(
                in: states[cluster], expected: models)
            {
                return "cluster \(cluster + 1): \(difference)"
            }
        }
        return nil
    }

    package func elements(of group: Int, in snapshot: Message) -> [UInt8]? {
        let (cluster, group) = groups[group]
        let node = clusters[cluster].initiator(of: group)
        let server = placement.server(
            of: ClusterPlacement.Resident(cluster: cluster, node: node))
        guard let place = residents(of: server).firstIndex(where: { $0.cluster == cluster }),
            let parts = try? Server.parts(of: snapshot), parts.indices.contains(place)
        else { return nil }
        return clusters[cluster].elements(of: group, in: parts[place])
    }

    package func words(for message: Message) -> String? {
        guard let (cluster, own) = Server.opened(message), clusters.indices.contains(cluster) else {
            return nil
        }
        return clusters[cluster].words(for: own).map { "cluster \(cluster + 1): \($0)" }
    }

    private func residents(of server: NodeID) -> [ClusterPlacement.Resident] {
        placement.residents[Int(server.rawValue) - 1]
    }
}
