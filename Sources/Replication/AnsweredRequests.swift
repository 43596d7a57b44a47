import Roles

/// What a group's members have answered to clients that may ask again: a request that comes twice is
/// applied once, and answered as the first time. All members have the same, since it goes by the
/// order of delivery.
struct AnsweredRequests: Equatable {
    private struct Client: Equatable {
        var node: NodeID
        /// The client has the answers of all lower tickets.
        var answered: UInt64
        /// The highest ticket that was delivered.
        var highest: UInt64
        /// In the order of delivery.
        var answers: [(ticket: UInt64, answer: Answer)]

        static func == (left: Client, right: Client) -> Bool {
            (left.node, left.answered, left.highest)
                == (right.node, right.answered, right.highest)
                && left.answers.elementsEqual(right.answers, by: ==)
        }
    }

    /// Of those that have asked at least once.
    private var clients: [Client] = []

    var capacityBytes: Int {
        clients.reduce(clients.allocatedBytes) { $0 + $1.answers.allocatedBytes }
    }

    /// The answer that a request had; nil where it has not been delivered yet.
    ///
    /// - Complexity: O(1) for a new ticket, else linear in the client's requests in flight.
    func answer(to ticket: UInt64, of node: NodeID) -> Answer? {
        guard let client = clients.first(where: { $0.node == node }), ticket <= client.highest
        else { return nil }
        if let known = client.answers.first(where: { $0.ticket == ticket }) { return known.answer }
        // A client does not ask again for what it knows.
        return ticket < client.answered ? .applied : nil
    }

    /// Keeps an answer.
    ///
    /// - Parameter answered: the client has the answers of all lower tickets.
    mutating func keep(
        _ answer: Answer, to ticket: UInt64, of node: NodeID, answered: UInt64
    ) {
        guard let index = clients.firstIndex(where: { $0.node == node }) else {
            clients.append(
                Client(
                    node: node, answered: answered, highest: ticket, answers: [(ticket, answer)]))
            return
        }
        if answered > clients[index].answered {
            clients[index].answered = answered
            clients[index].answers.removeAll { $0.ticket < answered }
        }
        clients[index].highest = max(clients[index].highest, ticket)
        clients[index].answers.append((ticket, answer))
    }
}

// MARK: - Binary form

extension ByteWriter {
    mutating func write(_ answered: AnsweredRequests) {
        answered.encode(into: &self)
    }
}

extension ByteReader {
    mutating func readAnsweredRequests() throws(MalformedMessage) -> AnsweredRequests {
        try AnsweredRequests(decoding: &self)
    }
}

extension AnsweredRequests {
    fileprivate func encode(into writer: inout ByteWriter) {
        writer.write(UInt16(clients.count))
        for client in clients {
            writer.write(client.node.rawValue)
            writer.write(client.answered)
            writer.write(client.highest)
            writer.write(UInt32(client.answers.count))
            for (ticket, answer) in client.answers {
                writer.write(ticket)
                writer.write(one: answer)
            }
        }
    }

    fileprivate init(decoding reader: inout ByteReader) throws(MalformedMessage) {
        for _ in 0..<(try reader.read(UInt16.self)) {
            var client = Client(
                node: NodeID(rawValue: try reader.read()), answered: try reader.readCounter(),
                highest: try reader.readCounter(), answers: [])
            for _ in 0..<(try reader.read(UInt32.self)) {
                client.answers.append((try reader.readCounter(), try reader.readAnswer()))
            }
            clients.append(client)
        }
    }
}
