import Roles
import Structures
import Testing

struct BinaryFormTests {
    @Test("What is written is read again, little-endian and without gaps")
    func roundTrip() throws {
        var writer = ByteWriter()
        writer.write(UInt8(1))
        writer.write(UInt16(0x0203))
        writer.write(UInt32(0x0405_0607))
        writer.write(UInt64(0x0809_0a0b_0c0d_0e0f))
        writer.write(counted: "ä")
        writer.write(counted: [7, 8])
        writer.write(raw: [9])
        #expect(
            writer.bytes == [
                1, 3, 2, 7, 6, 5, 4, 15, 14, 13, 12, 11, 10, 9, 8, 2, 0, 0, 0, 0xc3, 0xa4, 2, 0, 0,
                0, 7, 8, 9,
            ])
        var reader = ByteReader(writer.bytes)
        #expect(try reader.read(UInt8.self) == 1)
        #expect(try reader.read(UInt16.self) == 0x0203)
        #expect(try reader.read(UInt32.self) == 0x0405_0607)
        #expect(try reader.read(UInt64.self) == 0x0809_0a0b_0c0d_0e0f)
        #expect(try reader.readCountedText() == "ä")
        #expect(try reader.readCounted() == [7, 8])
        #expect(throws: MalformedMessage.self) { try reader.finish() }
        #expect(reader.readRest() == [9])
        try reader.finish()
    }

    @Test("Reading beyond the end throws and nothing else", arguments: 0..<8)
    func cut(count: Int) {
        let bytes = [UInt8](repeating: 255, count: count)
        #expect(throws: MalformedMessage.self) {
            var reader = ByteReader(bytes)
            _ = try reader.read(UInt64.self)
        }
        #expect(throws: MalformedMessage.self) {
            var reader = ByteReader(bytes)
            _ = try reader.readCounted()
        }
        #expect(throws: MalformedMessage.self) {
            var reader = ByteReader(bytes)
            _ = try reader.readRaw(count + 1)
        }
    }

    @Test("A raw value that no case has, text that is not UTF-8 and huge counters are refused")
    func impossibleValues() {
        #expect(throws: MalformedMessage.self) {
            var reader = ByteReader([77, 0, 0, 0, 0])
            _ = try reader.readStructuralOperation()
        }
        #expect(throws: MalformedMessage.self) {
            var reader = ByteReader([1, 0, 0, 0, 0xff])
            _ = try reader.readCountedText()
        }
        #expect(throws: MalformedMessage.self) {
            var reader = ByteReader([UInt8](repeating: 255, count: 8))
            _ = try reader.readCounter()
        }
    }

    @Test("Operations survive, values of any size included", arguments: OperationKind.allCases)
    func operations(kind: OperationKind) throws {
        for value in [[], [1], Array(0..<200)] as [[UInt8]] {
            let operation = Operation(kind, at: 0xdead_beef, key: [7, 9], value: value)
            var writer = ByteWriter()
            writer.write(operation)
            #expect(writer.bytes.count == 15 + value.count)
            var reader = ByteReader(writer.bytes)
            #expect(try reader.readOperation() == operation)
        }
    }

    @Test("Envelopes survive; other bytes are none")
    func envelopes() {
        let envelope = Envelope(
            channel: .control, run: 0x0102_0304_0506_0708,
            sender: Member(NodeID(513), incarnation: 7), receiverIncarnation: 9)
        var bytes = [UInt8](repeating: 0xee, count: 30)
        bytes.withUnsafeMutableBytes { envelope.store(to: $0) }
        #expect(Array(bytes[24...]) == [UInt8](repeating: 0xee, count: 6))
        bytes.withUnsafeBytes { #expect(Envelope($0) == envelope) }
        for position in [0, 1, 2, 3, 14, 15] {
            var wrong = bytes
            wrong[position] ^= 0x80
            wrong.withUnsafeBytes { #expect(Envelope($0) == nil, "byte \(position)") }
        }
        bytes[..<23].withUnsafeBytes { #expect(Envelope($0) == nil) }
    }

    @Test("A queue gives out in order, whatever the mix of appends and pops")
    func queue() {
        var queue = Queue<Int>()
        var model: [Int] = []
        for step in 0..<20_000 {
            if step % 3 != 0 || step > 15_000 && step.isMultiple(of: 7) {
                queue.append(step)
                model.append(step)
            }
            if step > 8000 || step % 5 == 0 {
                let popped = queue.popFirst()
                #expect(popped == model.first)
                if !model.isEmpty { model.removeFirst() }
            }
            #expect(queue.count == model.count && queue.isEmpty == model.isEmpty)
        }
    }

    @Test("A difference names the first piece that differs, or the lengths")
    func difference() {
        func text(_ actual: [UInt8], _ expected: [UInt8]) -> String? {
            Difference.first(
                between: actual, and: expected, pieceBytes: 2, of: "element", than: "the model")
        }
        #expect(text([1, 2], [1, 2]) == nil)
        #expect(text([1, 2, 3, 4], [1, 2, 3, 5]) == "element 1 is 0x0304, the model has 0x0305")
        #expect(
            text([1, 2], [1, 2, 3, 4])
                == "it has 1 pieces of kind \"element\", the model has 2")
    }
}
