import Foundation

/// The second process of the floor: echo peers that live as long as their standard input.
package enum FloorEcho {
    /// The hidden command that the echo process is started with.
    package static let command = "floor-echo"

    /// Serves as echo process until standard input ends, which it does with the process that
    /// started this one, however that ends.
    ///
    /// - Parameter arguments: what follows the command.
    package static func serve(arguments: [String]) throws {
        let parameters = try FloorEchoParameters(arguments: arguments)
        // Ctrl-C reaches the whole foreground group; the asker decides what it means.
        signal(SIGINT, SIG_IGN)
        let peers = try FloorEchoPeers(parameters)
        _ = try FileHandle.standardInput.readToEnd()
        peers.stop()
        if parameters.transport == .ipc { removeDirectory(parameters) }
    }

    /// Removes the private directory that an asker could not remove itself since it was killed.
    /// It removes nothing but sockets of the floor.
    private static func removeDirectory(_ parameters: FloorEchoParameters) {
        let endpoints =
            [parameters.askerEndpoint] + (0..<parameters.peers).map(parameters.endpoint(ofPeer:))
        let paths = endpoints.map { String($0.dropFirst("ipc://".count)) }
        for path in paths { unlink(path) }
        rmdir(URL(fileURLWithPath: paths[0]).deletingLastPathComponent().path)
    }
}
