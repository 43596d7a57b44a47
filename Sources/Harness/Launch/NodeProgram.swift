import Foundation
import Transport

/// What a child process runs: one node, told by its standard input what to be.
package enum NodeProgram {
    /// Serves until standard input ends.
    ///
    /// - Returns: the process's exit status.
    package static func run() -> Int32 {
        guard let line = readLine() else {
            return complain("a node needs its specification on standard input")
        }
        do {
            let specification = try JSONDecoder().decode(
                NodeSpecification.self, from: Data(line.utf8))
            guard let entry = Registry.entry(named: specification.plan.mechanism) else {
                return complain("there is no mechanism \(specification.plan.mechanism)")
            }
            try Node.serve(
                specification, mechanism: try entry.mechanism(of: specification.plan),
                context: try MessagingContext(), lifeline: STDIN_FILENO)
            // A driver that was killed cannot remove the sockets' directory itself.
            if let directory = specification.directory {
                try? FileManager.default.removeItem(atPath: directory)
            }
            return 0
        } catch {
            return complain("\(error)")
        }
    }

    private static func complain(_ text: String) -> Int32 {
        FileHandle.standardError.write(Data((text + "\n").utf8))
        return 1
    }
}
