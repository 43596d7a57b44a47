import Foundation

/// A process that runs now, as the kernel lists it.
package struct LiveProcess: Equatable, Sendable {
    package var identifier: Int32
    package var parent: Int32
    package var arguments: [String]

    /// All processes in whose environment `variable` stands. Every descendant inherits it, whoever
    /// its parent is by now. Dead ones that nobody has waited for are left out.
    package static func all(with variable: String) -> [LiveProcess] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap(Int32.init).sorted().compactMap { identifier in
            // A process can end between the listing and the look at it.
            guard texts(identifier, "environ").contains(variable),
                let status = texts(identifier, "stat").first,
                let end = status.lastIndex(of: ")")
            else { return nil }
            let fields = status[end...].split(separator: " ")
            guard fields.count > 2, let parent = Int32(fields[2]), !"ZX".contains(fields[1]) else {
                return nil
            }
            return LiveProcess(
                identifier: identifier, parent: parent, arguments: texts(identifier, "cmdline"))
        }
    }

    /// The texts of a file of a process, which end with a NUL each.
    private static func texts(_ identifier: Int32, _ file: String) -> [String] {
        let data = FileManager.default.contents(atPath: "/proc/\(identifier)/\(file)") ?? Data()
        return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The TCP ports of IPv4 that the process listens on.
    package var listeningPorts: [UInt16] {
        let folder = "/proc/\(identifier)/fd/"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let targets = Set(
            names.compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: folder + $0)
            })
        let table = (try? String(contentsOfFile: "/proc/\(identifier)/net/tcp", encoding: .utf8))
        return (table ?? "").split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            let listening = "0A"
            guard fields.count > 9, fields[3] == listening,
                targets.contains("socket:[\(fields[9])]"),
                let port = fields[1].split(separator: ":").last
            else { return nil }
            return UInt16(port, radix: 16)
        }
    }
}
