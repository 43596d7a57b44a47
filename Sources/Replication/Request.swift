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
    /// A number that stands for what a read found, which another member tells.
    case seen(UInt64)

    /// The same, but of what a read found only what stands for it.
    var inBrief: Answer {
        guard case .value(let value) = self else { return self }
        // Fowler, Noll and Vo's hash FNV-1a.
        return .seen(value.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    }
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
        case .seen(let number):
            write(4 as UInt8)
            write(number)
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
        case 4: .seen(try read())
        default: throw MalformedMessage()
        }
    }
}
