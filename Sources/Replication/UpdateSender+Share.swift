import Roles

extension UpdateSender {
    /// What each request of a message has taken: its own part, and the first what they share.
    struct Share {
        var messages: Int
        var shared: Int
        var copies: Int

        init(of round: SkeenSender<Batch, [Answer]>.Round) {
            messages = round.messages
            copies = round.members.count
            shared = round.bytes
            for request in round.context.requests { shared -= copies * Self.bytes(request) }
        }

        static func bytes(_ request: Request) -> Int {
            request.operation.value.count + request.operation.key.count
        }

        mutating func next(_ request: Request) -> (messages: Int, bytes: Int) {
            defer { (messages, shared) = (0, 0) }
            return (messages, shared + copies * Self.bytes(request))
        }
    }
}
