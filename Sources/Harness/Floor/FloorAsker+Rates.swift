extension FloorAsker {
    /// Sends `messages` messages of `bytes` bytes to the first peer, which answers the last one
    /// only. Returns the nanoseconds of each sample, the answer included.
    func send(_ messages: Int, bytes: Int, samples: Int) throws -> [Int] {
        let silent = [UInt8](repeating: FloorEchoPeer.silentRequest, count: bytes)
        let last = [UInt8](repeating: FloorEchoPeer.echoRequest, count: bytes)
        return try (0..<samples).map { _ in
            let start = floorClock()
            for _ in 1..<messages { try send(silent, to: 0) }
            try send(last, to: 0)
            _ = try receiveFirstByte()
            return floorClock() - start
        }
    }

    /// Exchanges `rounds` messages of `bytes` bytes with each of the first `peers` peers. A round
    /// is complete when all peers have answered it, and begins when no more than `window` rounds
    /// are in flight with it. Returns the nanoseconds of each sample.
    func exchange(
        bytes: Int, peers: Int, window: Int, rounds: Int, samples: Int
    ) throws -> [Int] {
        // What comes back tells by its first byte who answers.
        let requests = (0..<peers).map {
            [UInt8](repeating: FloorEchoPeer.firstNamedRequest + UInt8($0), count: bytes)
        }
        return try (0..<samples).map { _ in
            var answered = [Int](repeating: 0, count: peers)
            var begun = 0
            var complete = 0
            let start = floorClock()
            while complete < rounds {
                while begun < min(rounds, complete + window) {
                    for peer in 0..<peers { try send(requests[peer], to: peer) }
                    begun += 1
                }
                let peer = Int(try receiveFirstByte()) - Int(FloorEchoPeer.firstNamedRequest)
                guard answered.indices.contains(peer) else { continue }
                answered[peer] += 1
                complete = answered.min() ?? rounds
            }
            return floorClock() - start
        }
    }
}
