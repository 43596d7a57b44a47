/// What a group holds, as one client after another would see it.
package protocol SequentialObject {
    associatedtype Call
    associatedtype Answer: Equatable

    /// Performs a client's call and gives the answer.
    mutating func perform(_ call: Call) -> Answer
}

extension History.Entry {
    /// - Parameters:
    ///   - record: the measurement of the operation that has its answer, or that of the first time
    ///     that it was begun.
    ///   - answer: what the record says was answered; of no account where it is not complete.
    init(id: Delivery.ID, call: Object.Call, record: UpdateRecord, answer: Object.Answer) {
        self.init(
            id: id, call: call, invoked: record.begun,
            response: record.isComplete ? (record.end, answer) : nil)
    }
}
