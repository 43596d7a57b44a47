extension ListIndex {
    /// Ends the process where the slots are not a permutation of 0 ..< `count`. Does nothing in
    /// release builds, and looks at no more slots than leave a long run of a debug build usable.
    func checkInvariants() {
        #if DEBUG
            guard case .explicit(let slots) = order, slots.count <= 256 else { return }
            precondition(slots.count >= 2, "so short an order need not be written down")
            var isTaken = [Bool](repeating: false, count: slots.count)
            for position in 0..<slots.count {
                let slot = Int(Self.numbers(slots)[position])
                precondition(slot < slots.count && !isTaken[slot], "no permutation: \(slot)")
                isTaken[slot] = true
            }
        #endif
    }
}
