extension ListIndex {
    /// Ends the process where the slots are not those of all classes, each once. Does nothing in
    /// release builds, and looks at no more slots than leave a long run of a debug build usable.
    func checkInvariants() {
        #if DEBUG
            guard case .explicit(let slots) = order else { return }
            precondition(slots.count == count, "every element has a slot")
            guard slots.count <= 256 else { return }
            let numbers = slots.numbers.map(Int.init)
            precondition(numbers.allSatisfy(slotCounts.contains), "no such slot")
            precondition(Set(numbers).count == numbers.count, "two elements in one slot")
        #endif
    }
}
