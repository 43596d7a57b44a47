/// What a recovery had and what it made of it, as Petrou, Thompson, Bloomfield and Mistry (Warwick,
/// 2022) log it in their Figure 4. Printed, it is a text of several lines.
///
///     let recovery = try cluster.recover()
///     print(recovery)
///     print(recovery.restored[0].contents)
public struct FusedRecovery: Sendable, Equatable, Codable {
    /// At most so many cells of a server, slots of a primary and elements of a structure are kept.
    public static let cellLimit = 8

    /// A server that sent its cells or codes.
    public struct Source: Sendable, Equatable, Codable {
        public let server: FusedServer
        /// A primary's first cells, or the backup's first codes.
        public let cells: [FusedCell]
        /// A backup's auxiliary index of each failed primary: where its first elements stand.
        public let slots: [Slots]
    }

    /// Where the first elements of a primary stand.
    public struct Slots: Sendable, Equatable, Codable {
        public let server: FusedServer
        public let slots: [FusedSlot]
    }

    /// A server that is back.
    public struct Restored: Sendable, Equatable, Codable {
        public let server: FusedServer
        /// The elements of a primary, or the codes of a backup.
        public let count: Int
        /// The first of them, in words.
        public let contents: String
    }

    /// All servers that were down, those included that stay so.
    public let failed: [FusedServer]
    /// What was used, primaries first.
    public let sources: [Source]
    public let restored: [Restored]
    /// The messages that it took, and their bytes.
    public let messages: Int
    public let bytes: Int
}

extension FusedRecovery: CustomStringConvertible {
    public var description: String {
        var lines = ["failed: \(failed.map(\.description).joined(separator: ", "))"]
        for source in sources {
            for slots in source.slots {
                let places = slots.slots.map(\.description).joined(separator: ", ")
                lines.append("\(source.server) knows the slots of \(slots.server): [\(places)]")
            }
        }
        for source in sources {
            let words = source.cells.map(\.description).joined(separator: ", ")
            let name = if case .primary = source.server { "cells" } else { "codes" }
            lines.append("\(source.server) sent its \(name): [\(words)]")
        }
        for server in restored {
            lines.append("\(server.server) was restored: \(server.contents)")
        }
        lines.append("\(messages) messages, \(bytes) bytes")
        return lines.joined(separator: "\n")
    }
}
