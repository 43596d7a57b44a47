import Foundation
import Roles
import Transport

/// Runs every node as a thread of this process, with sockets and state of its own. A crash drops
/// both; what a process would lose beyond that, such as the allocator's state, stays.
struct ThreadLauncher: Launcher {
    let mechanism: any Mechanism
    let context: MessagingContext

    func launch(_ specification: NodeSpecification) throws -> any LocalNode {
        ThreadNode(specification, mechanism: mechanism, context: context)
    }
}

private final class ThreadNode: LocalNode {
    /// The node's thread reads this; when it is closed, the node ends.
    private let lifeline = Pipe()
    private let errors = Pipe()

    init(
        _ specification: NodeSpecification, mechanism: any Mechanism, context: MessagingContext
    ) {
        let lifelineEnd = lifeline.fileHandleForReading
        let errorsEnd = errors.fileHandleForWriting
        let thread = Thread {
            do {
                try Node.serve(
                    specification, mechanism: mechanism, context: context,
                    lifeline: lifelineEnd.fileDescriptor)
            } catch {
                try? errorsEnd.write(contentsOf: Data("\(error)\n".utf8))
            }
            try? errorsEnd.close()
        }
        thread.stackSize = 4 << 20
        thread.start()
    }

    deinit { release() }

    var complaints: Int32 { errors.fileHandleForReading.fileDescriptor }

    func kill() { release() }

    func release() { try? lifeline.fileHandleForWriting.close() }
}
