import Roles
import Structures

/// What a client asks of a group. Its sender and its ticket name it, also when it is repeated.
struct Request: Equatable {
    var ticket: UInt64
    var operation: Operation
}

/// What a member answers to one request.
enum Answer: Equatable {
    case applied
    /// The structure did not take it; why.
    case refused(String)
    /// What a read found.
    case value([UInt8])
    /// The request has its place and is not delivered yet.
    case placed
}

extension ByteWriter {
    mutating func write(_ requests: [Request]) {
        write(UInt32(requests.count))
        for request in requests {
            write(request.ticket)
            write(request.operation)
        }
    }

    /// Nothing where all were applied, as nearly always.
    mutating func write(_ answers: [Answer]) {
        if answers.allSatisfy({ $0 == .applied }) { return }
        for answer in answers { write(one: answer) }
    }

    mutating func write(one answer: Answer) {
        switch answer {
        case .applied: write(0 as UInt8)
        case .refused(let reason):
            write(1 as UInt8)
            write(counted: reason)
        case .value(let value):
            write(2 as UInt8)
            write(counted: value)
        case .placed: write(3 as UInt8)
        }
    }
}

extension ByteReader {
    mutating func readRequests() throws(MalformedMessage) -> [Request] {
        let count = try read(UInt32.self)
        var requests: [Request] = []
        for _ in 0..<count {
            requests.append(
                Request(ticket: try readCounter(), operation: try readOperation()))
        }
        return requests
    }

    /// Up to the message's end.
    mutating func readAnswers() throws(MalformedMessage) -> [Answer] {
        var answers: [Answer] = []
        while remaining > 0 { answers.append(try readAnswer()) }
        return answers
    }

    mutating func readAnswer() throws(MalformedMessage) -> Answer {
        switch try read(UInt8.self) {
        case 0: .applied
        case 1: .refused(try readCountedText())
        case 2: .value(try readCounted())
        case 3: .placed
        default: throw MalformedMessage()
        }
    }
}
