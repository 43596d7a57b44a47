import Foundation

/// An asker that is connected to its echo peers, which end with it.
final class FloorConnection {
    let asker: FloorAsker
    private let stopPeers: () -> Void
    /// Removed with the connection.
    private let directory: PrivateDirectory?

    /// Starts so many echo peers and connects to all of them.
    ///
    /// - Parameters:
    ///   - executable: the crashbench executable, which becomes the echo process.
    ///   - processors: the CPUs that this is bound to; nil where the kernel chooses.
    init(
        over transport: TransportKind, peers: Int, executable: URL, processors: [Int]?
    ) throws {
        directory = transport == .ipc ? try PrivateDirectory() : nil
        let endpoint =
            switch transport {
            case .tcp: "tcp://127.0.0.1:*"
            case .ipc: "ipc://\(directory?.path ?? "")/asker"
            case .inproc: "inproc://asker"
            }
        let context = try FloorContext()
        asker = try FloorAsker(at: endpoint, in: context)
        let parameters = FloorEchoParameters(
            transport: transport, askerEndpoint: try asker.endpoint(), peers: peers,
            bulkBytes: FloorSeries.sourceBytes)
        if transport == .inproc {
            stopPeers = try FloorEchoPeers(parameters, sharing: context).stop
        } else {
            let process = try FloorProcess(
                FloorEcho.command, parameters.arguments, executable: executable,
                processors: processors)
            asker.watch(process.outputDescriptor)
            stopPeers = process.stop
        }
        do {
            try asker.connect(peers: peers)
        } catch {
            stopPeers()
            throw error
        }
    }

    /// Ends the echo peers and waits until they are gone.
    func stop() { stopPeers() }
}
