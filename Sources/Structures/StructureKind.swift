/// The data structures that a group can hold.
package enum StructureKind: String, Sendable, Codable, CaseIterable {
    case list
}
