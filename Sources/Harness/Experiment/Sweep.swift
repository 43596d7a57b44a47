/// The values of a key: one, or a list of which every element makes a run of its own.
struct Sweep<Value: Encodable & Sendable>: Encodable, Sendable {
    var values: [Value]

    init(_ values: [Value]) { self.values = values }

    func map<Other>(_ transform: (Value) -> Other) -> Sweep<Other> {
        Sweep<Other>(values.map(transform))
    }

    func encode(to encoder: any Encoder) throws {
        if values.count == 1 {
            try values[0].encode(to: encoder)
        } else {
            try values.encode(to: encoder)
        }
    }
}
