/// The sizes of a structure's cells. There is one size where all elements are of one size. Else
/// there are size classes, each 8 bytes above the one before, and from 32 on a quarter of a power of
/// two, so that padding stays below 8 bytes or a fifth of a cell; each class is dense in slots of its
/// own.
///
/// A slot's number carries its class in the high bits; with one class it is the plain number.
package struct CellLayout: Sendable, Hashable, Codable {
    /// Per class, ascending; at least one.
    package let cellBytes: [Int]
    /// The bits of a slot number below its class.
    private let slotBits: Int

    /// Cells of one size.
    package init(cellBytes: Int) { self.init(classes: [cellBytes]) }

    /// Cells in size classes.
    ///
    /// - Parameter limit: the bytes of the largest element.
    package init(elementsUpTo limit: Int) {
        var classes = [8]
        while let size = classes.last, size < limit {
            let powerOfTwo = 1 << (Int.bitWidth - 1 - size.leadingZeroBitCount)
            classes.append(size + max(8, powerOfTwo / 4))
        }
        self.init(classes: classes)
    }

    private init(classes: [Int]) {
        cellBytes = classes
        let classBits = Int.bitWidth - (classes.count - 1).leadingZeroBitCount
        slotBits = UInt32.bitWidth - classBits
    }

    package var classCount: Int { cellBytes.count }

    /// The elements that one class can hold, so that slot numbers fit 32 bits.
    package var maximumCount: Int { (1 << slotBits) - 1 }

    /// The class of the smallest cells that hold so many bytes. There must be one.
    package func cellClass(for byteCount: Int) -> Int {
        var low = 0
        var high = cellBytes.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cellBytes[middle] < byteCount { low = middle + 1 } else { high = middle }
        }
        precondition(byteCount <= cellBytes[low], "no class holds so large an element")
        return low
    }

    /// The slot number of a place in a class.
    @inline(__always)
    package func slot(_ place: Int, in cellClass: Int) -> Int { cellClass << slotBits | place }

    @inline(__always)
    package func cellClass(of slot: Int) -> Int { slot >> slotBits }

    @inline(__always)
    package func place(of slot: Int) -> Int { slot & ((1 << slotBits) - 1) }

    /// The bytes of the cell in a slot.
    @inline(__always)
    package func cellBytes(of slot: Int) -> Int { cellBytes[cellClass(of: slot)] }
}
