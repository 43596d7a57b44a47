/// The raw exchange that an update cannot be faster than: `rounds` times one message to each of
/// `peers(f)` peers and back, waiting for all.
package struct UpdateFloor: Sendable {
    package var rounds: Int
    package var peers: @Sendable (_ faults: Int) -> Int

    package init(rounds: Int, peers: @escaping @Sendable (_ faults: Int) -> Int) {
        self.rounds = rounds
        self.peers = peers
    }
}
