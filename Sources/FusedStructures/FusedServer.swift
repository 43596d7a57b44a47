/// A server of a cluster, by what it is and its number.
///
///     let server = FusedServer.backup(0)
///     print(server)  // backup 0
public enum FusedServer: Hashable, Sendable, Codable {
    /// The server of the structure `primaries[index]`.
    case primary(Int)
    /// A fused backup, counting from 0.
    case backup(Int)
}

extension FusedServer: CustomStringConvertible {
    public var description: String {
        switch self {
        case .primary(let index): "primary \(index)"
        case .backup(let index): "backup \(index)"
        }
    }
}

extension FusedServer: Comparable {
    /// Primaries come before backups.
    public static func < (left: FusedServer, right: FusedServer) -> Bool {
        left.order < right.order
    }

    private var order: (Int, Int) {
        switch self {
        case .primary(let index): (0, index)
        case .backup(let index): (1, index)
        }
    }
}
