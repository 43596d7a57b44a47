// A tutorial of FusedStructures. Run it with `swift run fused-example` and read along.
//
// The test data are those of Petrou, Thompson, Bloomfield and Mistry (Warwick, 2022, chapter 6),
// who number lists and maps from 1; here they count from 0.

import FusedStructures

// Section 1. Three lists on a server each, and three backups: any three of the six servers may
// crash. `UInt16` elements and words of 16 bits make every code one number, easy to look at.

print("1. Lists")
let lists = try FusedCluster<FusedList<UInt16>>(
    primaries: 3, faults: 3, code: .vandermonde(wordBits: 16))

// Table 1. When a call returns, all backups have the update.

try lists[0].insert(123, at: 0)
try lists[0].insert(456, at: 1)
try lists[0].insert(125, at: 1)
try lists[0].insert(256, at: 3)
try lists[1].insert(456, at: 0)
try lists[1].insert(420, at: 0)
try lists[1].insert(420, at: 0)
try lists[2].insert(789, at: 0)
try lists[2].insert(126, at: 0)
try lists[2].insert(127, at: 0)
show(lists)

// Table 3, the lists' part. Errors are thrown and typed: nothing has changed after one.

attempt("read index 0 of list 0", try lists[0][0])
attempt("read index 2 of list 0", try lists[0][2])
attempt("read index 2 of list 2", try lists[2][2])
attempt("read index 1 of list 1", try lists[1][1])
attempt("read index 4 of list 1", try lists[1][4])

// A crash drops what the server holds. Until it recovers, its list refuses every call, while the
// others serve on.

print("\n2. Crash and recovery")
try crashAndRecover([.primary(0)], of: lists)
try crashAndRecover([.primary(1), .primary(2), .backup(0)], of: lists)

// Table 4, the lists' part. The last cell moves into the hole, so that backups have no blanks.

print("\n3. Removal")
attempt("remove index 0 of list 0", try lists[0].remove(at: 0))
attempt("remove index 2 of list 1", try lists[1].remove(at: 2))
attempt("remove index 1 of list 2", try lists[2].remove(at: 1))
attempt("remove index 1 of list 2", try lists[2].remove(at: 1))
attempt("remove index 3 of list 0", try lists[0].remove(at: 3))
show(lists)
try crashAndRecover([.primary(0), .primary(2)], of: lists)

// Section 4. Maps, with Table 2 and the rest of Tables 3 and 4.

print("\n4. Maps")
let maps = try FusedCluster<FusedMap<Int, Int>>(primaries: 3, faults: 3)
for (key, value) in [(100, 1234), (200, 9600), (100, 7121), (579, 420)] {
    try maps[0].updateValue(value, forKey: key)
}
for (key, value) in [(1, 6), (2, 42), (57, 96), (59, 12)] {
    try maps[1].updateValue(value, forKey: key)
}
for (key, value) in [(5, 1), (6, 2), (7, 4), (8, 3)] {
    try maps[2].updateValue(value, forKey: key)
}
show(maps)
attempt("key 100 of map 0", try maps[0].value(forKey: 100))
attempt("key 57 of map 1", try maps[1].value(forKey: 57))
attempt("key 8 of map 2", try maps[2].value(forKey: 8))
attempt("key 7 of map 0", try maps[0].value(forKey: 7))
attempt("remove key 100 of map 0", try maps[0].removeValue(forKey: 100))
attempt("remove key 579 of map 0", try maps[0].removeValue(forKey: 579))
attempt("remove key 7 of map 2", try maps[2].removeValue(forKey: 7))
attempt("remove key 100 of map 0", try maps[0].removeValue(forKey: 100))
show(maps)
try crashAndRecover([.primary(0), .primary(1), .primary(2)], of: maps)

// Section 5. The lists of Warwick's Figure 4, which logs codes and slots of a recovery. The report
// of a recovery has the same: compare it with the paper.

print("\n5. Figure 4")
let figure = try FusedCluster<FusedList<UInt16>>(
    primaries: 3, faults: 3, code: .vandermonde(wordBits: 16))
try figure[0].append(contentsOf: [123, 456, 789])
try figure[1].append(456)
try figure[1].insert(555, at: 0)
try figure[2].append(789)
show(figure)
try crashAndRecover([.primary(0), .primary(1), .primary(2)], of: figure)

// One can also look without a crash.

print("  codes of backup 1: \(try figure.cells(of: .backup(1)))")
print("  slots of list 1: \(try figure.slots(ofPrimary: 1, at: .backup(1)))")

// Section 6. Any Codable type will do; elements of different sizes are padded as little as possible.

struct Task: Codable {
    var name: String
    var place: String?
}

print("\n6. A priority queue of structs")
let tasks = try FusedCluster<FusedPriorityQueue<Task>>(
    primaries: 2, faults: 1, maximumElementBytes: 64)
try tasks[0].push(Task(name: "sail ⛵️", place: "Oslo"), priority: 2)
try tasks[0].push(Task(name: "pack", place: nil), priority: 1)
try tasks[1].push(Task(name: "wait", place: nil), priority: 9)
attempt(
    "a task that is too long",
    try tasks[0].push(Task(name: String(repeating: "long", count: 20), place: nil), priority: 1))
try tasks.crash(.primary(0))
try tasks.recover()
while let next = try tasks[0].first {
    print("  \(next.priority): \(next.element.name), \(next.element.place ?? "anywhere")")
    try tasks[0].pop()
}

// Section 7. More crashes than the cluster tolerates lose what the crashed primaries held, and the
// error says so. Here one fault is tolerated.

print("\n7. Too many failures")
try tasks.crash([.primary(1), .backup(0)])
attempt("recover", try tasks.recover())
attempt("count of queue 0", try tasks[0].count)

// MARK: - Printing

/// Prints the structures of a cluster.
func show<Structure>(_ cluster: FusedCluster<Structure>) {
    for structure in cluster.primaries { print("  \(structure.server): \(structure)") }
}

/// Prints what a call gives, or why it was refused.
func attempt<Result>(_ what: String, _ call: @autoclosure () throws -> Result) {
    do {
        print("  \(what): \(try call())")
    } catch {
        print("  \(what): refused, \(error)")
    }
}

/// Crashes servers at once, shows what is left, and recovers them.
func crashAndRecover<Structure>(
    _ servers: [FusedServer], of cluster: FusedCluster<Structure>
) throws {
    try cluster.crash(servers)
    print("  crashed: \(cluster.crashed.map(\.description).joined(separator: ", "))")
    show(cluster)
    for line in "\(try cluster.recover())".split(separator: "\n") { print("    \(line)") }
    show(cluster)
}
