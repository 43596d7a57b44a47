import Structures
import Testing

struct CellStoreTests {
    private func bytes(_ store: CellStore) -> [UInt8] { store.withBytes { [UInt8]($0) } }

    private func store(_ cells: [UInt8], cellBytes: Int) -> CellStore {
        var store = CellStore(cellBytes: cellBytes)
        for start in stride(from: 0, to: cells.count, by: cellBytes) {
            Array(cells[start..<start + cellBytes]).withUnsafeBytes { store.append($0) }
        }
        return store
    }

    @Test func changes() {
        var cells = store([1, 2, 3, 4, 5, 6], cellBytes: 2)
        #expect(cells.count == 3 && cells.byteCount == 6)
        [UInt8]([7, 8]).withUnsafeBytes { cells.insert($0, at: 1) }
        #expect(bytes(cells) == [1, 2, 7, 8, 3, 4, 5, 6])
        [UInt8]([9, 9]).withUnsafeBytes { cells.replace(at: 3, with: $0) }
        cells.remove(at: 0)
        #expect(bytes(cells) == [7, 8, 3, 4, 9, 9])
        cells.withMutableBytes { $0[0] = 0 }
        #expect(cells[0] == [0, 8])
        cells.remove(at: 2)
        cells.remove(at: 1)
        #expect(bytes(cells) == [0, 8])
    }

    @Test func growsWithZeros() {
        var cells = store([1, 2, 3, 4], cellBytes: 1)
        cells.resize(to: 1)
        cells.resize(to: 6)
        #expect(bytes(cells) == [1, 0, 0, 0, 0, 0])
        cells.resize(to: 0)
        #expect(bytes(cells) == [])
        cells.resize(to: 1000)
        #expect(bytes(cells) == [UInt8](repeating: 0, count: 1000))
    }

    /// Every change of a store leaves memory as it is that a message holds.
    @Test func sharedMemoryDoesNotChange() {
        let changes: [(inout CellStore) -> Void] = [
            { $0.withMutableBytes { $0[3] = 0xff } },
            { store in [UInt8]([0xff]).withUnsafeBytes { store.append($0) } },
            { store in [UInt8]([0xff]).withUnsafeBytes { store.insert($0, at: 0) } },
            { store in [UInt8]([0xff]).withUnsafeBytes { store.replace(at: 1, with: $0) } },
            { $0.remove(at: 0) },
            { $0.remove(at: 9) },
            { $0.resize(to: 12) },
            { store in
                store.resize(to: 9)
                store.resize(to: 10)
            },
        ]
        for (number, change) in changes.enumerated() {
            var cells = store(Array(0..<10), cellBytes: 1)
            let sent = cells.memory
            let copy = cells
            change(&cells)
            let seen = [UInt8](UnsafeRawBufferPointer(start: sent.base, count: 10))
            #expect(seen == Array(0..<10), "change \(number)")
            #expect(bytes(copy) == Array(0..<10), "change \(number)")
            #expect(bytes(cells) != Array(0..<10), "change \(number)")
        }
    }

    @Test func unsharedMemoryIsNotCopied() {
        var cells = store(Array(0..<10), cellBytes: 1)
        let base = cells.memory.base
        cells.withMutableBytes { $0[0] = 1 }
        cells.remove(at: 3)
        [UInt8]([1]).withUnsafeBytes { cells.append($0) }
        #expect(cells.memory.base == base)
    }

    @Test(arguments: [1, 8, 12, 100])
    func spareCapacityIsBounded(cellBytes: Int) {
        var cells = CellStore(cellBytes: cellBytes)
        let cell = [UInt8](repeating: 1, count: cellBytes)
        var moves = 0
        var base = cells.memory.base
        for _ in 0..<5_000 {
            cell.withUnsafeBytes { cells.append($0) }
            #expect(cells.capacityBytes <= max(cells.byteCount * 5 / 4, cellBytes) + 64)
            if cells.memory.base != base { moves += 1 }
            base = cells.memory.base
        }
        #expect(moves < 60)
        let ledger = cells.ledger
        #expect(ledger.payload == 5_000 * cellBytes)
        #expect(ledger.payload + ledger.slack == cells.memory.capacity)

        while cells.count > 0 {
            cells.remove(at: cells.count - 1)
            #expect(cells.capacityBytes <= max(2 * cells.byteCount, cellBytes * 5 / 4) + 64)
        }
        #expect(cells.capacityBytes <= 64)
    }

    @Test func adoptsMemory() {
        let memory = CellMemory(capacity: 64)
        for byte in 0..<6 {
            memory.base.storeBytes(of: UInt8(byte), toByteOffset: byte, as: UInt8.self)
        }
        var cells = CellStore(cellBytes: 3, adopting: memory, count: 2)
        #expect(bytes(cells) == [0, 1, 2, 3, 4, 5])
        cells.remove(at: 0)
        #expect(bytes(cells) == [3, 4, 5])
        #expect(Int(bitPattern: memory.base) % 64 == 0)
        #expect(memory.base.load(as: UInt8.self) == 0)
    }

    /// The last reference may go on another thread, as it does when ZeroMQ has sent a message.
    @Test func memoryCrossesThreads() async {
        var cells = store(Array(0..<100), cellBytes: 1)
        for round in 0..<50 {
            let sent = cells.memory
            let expected = bytes(cells)
            async let seen = Task.detached {
                [UInt8](UnsafeRawBufferPointer(start: sent.base, count: 100))
            }.value
            cells.withMutableBytes { $0[round] ^= 0xff }
            #expect(await seen == expected)
        }
    }
}
