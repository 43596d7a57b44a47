import Foundation

/// Something that a test waited for did not happen.
package struct NeverHappened: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

/// Looks again and again until `condition` holds. The deadline is far beyond what a busy machine
/// needs and only decides when a hang is called one.
package func eventually(
    _ what: String, within seconds: Double = 120, _ condition: () throws -> Bool
) throws {
    let deadline = Date().addingTimeInterval(seconds)
    while try !condition() {
        guard Date() < deadline else {
            throw NeverHappened("waited \(Int(seconds)) s in vain for \(what)")
        }
        poll(nil, 0, 5)
    }
}
