import Roles

/// The links of an endpoint by peer. Every message is looked up here, so it is no dictionary: nodes
/// are numbered densely, and the table is as long as the highest number.
struct LinkTable {
    private var links: [Link?] = []

    subscript(node: NodeID) -> Link? {
        get {
            let index = Int(node.rawValue)
            return index < links.count ? links[index] : nil
        }
        set {
            let index = Int(node.rawValue)
            while links.count <= index { links.append(nil) }
            links[index] = newValue
        }
    }

    /// In the order of the peers' numbers.
    var values: [Link] { links.compactMap { $0 } }

    mutating func removeValue(forKey node: NodeID) -> Link? {
        guard let link = self[node] else { return nil }
        self[node] = nil
        return link
    }
}
