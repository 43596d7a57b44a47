/// A value for each of some groups whose numbers follow each other.
struct GroupTable<Value> {
    /// The groups' numbers.
    let groups: Range<Int>
    private var values: [Value]

    init(_ groups: Range<Int>, repeating value: Value) {
        self.groups = groups
        values = Array(repeating: value, count: groups.count)
    }

    /// The value of one of the groups.
    subscript(group: Int) -> Value {
        get { values[group - groups.lowerBound] }
        _modify { yield &values[group - groups.lowerBound] }
    }

    /// Beside what the values hold themselves.
    var allocatedBytes: Int { values.count * MemoryLayout<Value>.stride }

    /// In the order of the groups.
    var elements: [Value] { values }
}
