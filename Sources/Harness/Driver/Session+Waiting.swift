import Foundation
import Roles

/// How the driver waits: every message is handled, every complaint heard, every interruption obeyed.
extension Session {
    func name(_ node: NodeID) -> String { mechanism.description(of: node).name }

    /// Names as in a sentence: "a, b and c".
    func names(_ nodes: [NodeID]) -> String {
        let names = nodes.map(name)
        return names.count < 2
            ? names.joined()
            : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
    }

    func tell(_ message: ControlMessage, to node: NodeID) throws {
        try send(try message.encoded(), to: node)
    }

    /// - Parameter message: an encoded `ControlMessage`.
    func send(_ message: Message, to node: NodeID) throws {
        guard try site.endpoint.send(message, to: node, channel: .control) else {
            try hearMissedNodes()
            throw RunError.unjudged("\(name(node)) cannot be reached any more")
        }
    }

    /// Removes the first message that `read` has a value for, and returns that value with it.
    ///
    /// - Parameter node: the only sender to look at; nil for all.
    func take<Value>(
        from node: NodeID? = nil, _ read: (ControlMessage) -> Value?
    ) -> (node: NodeID, value: Value, body: Body?)? {
        for (index, message) in inbox.enumerated() where node == nil || message.node == node {
            if let value = read(message.content) {
                inbox.remove(at: index)
                return (message.node, value, message.body)
            }
        }
        return nil
    }

    /// Takes in what comes until `condition` has a result.
    ///
    /// - Parameters:
    ///   - seconds: nil for the usual patience.
    ///   - inVain: what it means when the time is over.
    @discardableResult
    func wait<Result>(
        for what: String, within seconds: Double? = nil, inVain: (() -> RunError)? = nil,
        _ condition: () throws -> Result?
    ) throws -> Result {
        let seconds = seconds ?? patience
        let deadline = site.now() + UInt64(seconds * 1e9)
        while true {
            while let event = try site.next() { try handle(event) }
            if let result = try condition() { return result }
            guard site.now() < deadline, let words = try site.wait(until: deadline) else {
                throw inVain?()
                    ?? RunError.unjudged("waited \(Int(seconds)) s in vain for \(what)")
            }
            for word in words { try hear(word) }
        }
    }

    private func hear(_ words: NodeWords) throws {
        lives[words.node]?.complaint += words.text
        guard words.isGone, let life = lives[words.node] else { return }
        lives[words.node]?.isGone = true
        guard !life.isKilled else { return }
        let complaint = life.complaint.trimmingCharacters(in: .whitespacesAndNewlines)
        throw RunError.unjudged(
            "\(name(words.node)) ended by itself: "
                + (complaint.isEmpty ? "it gave no reason, as when it is killed" : complaint))
    }

    /// Waits for the end of nodes that are missed. What others then say of a broken protocol only
    /// follows from that end, and the node's own words say why it came.
    private func hearMissedNodes() throws {
        for node in lives.keys.sorted() where lives[node]?.isMissed == true {
            let deadline = site.now() + UInt64(patience * 1e9)
            while lives[node]?.isGone == false, site.now() < deadline,
                let words = try site.wait(forWordsOf: node, until: deadline)
            {
                try hear(words)
            }
        }
    }

    private func miss(_ member: Member) {
        guard let life = lives[member.node], life.member == member, !life.isKilled else { return }
        lives[member.node]?.isMissed = true
    }

    private func handle(_ event: NetworkEvent) throws {
        switch event {
        case .peerUp(let member, let address):
            guard lives[member.node]?.member == member else { return }
            lives[member.node]?.address = address
        case .peerLost(let member):
            miss(member)
        case .alarm:
            break
        case .message(let message, _, let node):
            if let state = StateMessage.unwrap(message) {
                states[node] = state
            } else if let content = try? ControlMessage(decoding: message) {
                if case .linked = content {
                    lives[node]?.isLinked = true
                    return
                }
                if case .noticed(let member, _) = content { miss(member) }
                if case .failed(let reason) = content, !isEnding {
                    try hearMissedNodes()
                    throw RunError.invalid("\(name(node)): \(reason)")
                }
                inbox.append((node, content, message.body))
            }
        }
    }
}
