import Foundation
import Roles

/// Starts nodes on this machine.
protocol Launcher {
    /// Starts one life of a node. It is up when it says hello to the driver.
    ///
    /// - Throws: when the node cannot even be started.
    func launch(_ specification: NodeSpecification) throws -> any LocalNode
}

/// One life of a node, as its parent sees it.
protocol RunningNode: AnyObject {
    /// Ends the node at once, as a crash does: its memory is gone.
    func kill()

    /// Lets the node end by itself.
    func release()
}

/// One life of a node on this machine.
protocol LocalNode: RunningNode {
    /// Readable when the node has complained, at its end when the node is gone.
    var complaints: Int32 { get }
}

extension LocalNode {
    /// Reads what the node has complained of without waiting.
    ///
    /// - Returns: the text, and whether the node is gone.
    func readComplaints() -> (text: String, isGone: Bool) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(complaints, &buffer, buffer.count)
        if count > 0 { return (String(decoding: buffer[..<count], as: UTF8.self), false) }
        return ("", count == 0)
    }
}
