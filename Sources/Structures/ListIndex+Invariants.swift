extension ListIndex {
    /// Ends the process where the slots are not a permutation of 0 ..< `count`. Does nothing in
    /// release builds, and looks at no more slots than leave a long run of a debug build usable.
    func checkInvariants() {
        #if DEBUG
            guard case .explicit(let slots) = order, slots.count <= 256 else { return }
            precondition(slots.count >= 2, "so short an order need not be written down")
            let numbers = (0..<slots.count).map { Int(Self.numbers(slots)[$0]) }
            precondition(
                numbers.sorted().elementsEqual(0..<slots.count), "\(numbers) is no permutation")
        #endif
    }
}
