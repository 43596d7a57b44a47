import Roles
import Structures

extension Attempt {
    mutating func proceed<Part: FusionPart>(_ part: inout Part, into effects: inout [Effect]) {
        do {
            switch stage {
            case .decoding:
                stage = .installing(try decoded())
                effects.append(.report(.phase(.install)))
                effects.append(.proceed)
            case .installing(let decoded):
                if parameters.logsRecovery {
                    effects.append(.report(.log(log(of: decoded))))
                }
                let own = share(of: leader, in: decoded)
                try part.install(own.primaries.map { try mirror(of: $0, in: decoded) }, own.cells)
                try distribute(decoded, into: &effects)
            case .agreeing, .levelling, .collecting, .distributing, .failed:
                break
            }
        } catch {
            fail("the lost state cannot be computed: \(error)", into: &effects)
        }
    }

    /// Computes the lost primaries' cells, all at once, and the recovering backups' codes.
    private func decoded() throws -> Decoded {
        let mirrors = try lost.map { try Mirror(encodedMirror(of: $0), shape: parameters.shape) }
        let cells = try parameters.code.reconstruct(
            failed: lost, counts: mirrors.map(\.index.slotCounts),
            survivors: primaries.map { ($0, try self.cells(of: topology.primary($0))) },
            codes: sources.map { ($0, try self.cells(of: topology.backup($0))) })
        let all = try (0..<topology.primaries).map { primary in
            try lost.firstIndex(of: primary).map { CellRegions(cells[$0]) }
                ?? self.cells(of: topology.primary(primary))
        }
        let counts = all.map(\.counts).longest(parameters.shape.layout)
        var codes: [Int: Cells] = [:]
        for node in restored {
            guard case .backup(let row) = topology.place(of: node) else { continue }
            codes[row] = parameters.code.encode(all, counts: counts, of: row)
        }
        return Decoded(mirrors: mirrors, cells: cells, codes: codes)
    }

    private func cells(of node: NodeID) throws(MalformedMessage) -> CellRegions {
        guard let part = parts[node] else { throw MalformedMessage() }
        return part.cells
    }

    /// What the survivors know of a primary: a lost one's from a backup, others' from themselves.
    private func encodedMirror(of primary: Int) throws(MalformedMessage) -> EncodedMirror {
        let source: NodeID?
        let position: Int
        if let index = lost.firstIndex(of: primary) {
            source = sources.first.map(topology.backup)
            position = index
        } else {
            source = topology.primary(primary)
            position = 0
        }
        guard let mirrors = source.flatMap({ parts[$0]?.mirrors }),
            mirrors.indices.contains(position)
        else { throw MalformedMessage() }
        return mirrors[position]
    }

    private func mirror(of primary: Int, in decoded: Decoded) throws -> Mirror {
        if let position = lost.firstIndex(of: primary) { return decoded.mirrors[position] }
        return try Mirror(encodedMirror(of: primary), shape: parameters.shape)
    }

    /// What a recovering node gets: a primary its own mirror and cells, a backup all mirrors and
    /// its codes.
    private func share(
        of node: NodeID, in decoded: Decoded
    ) -> (primaries: [Int], cells: Cells) {
        switch topology.place(of: node) {
        case .primary(let primary):
            ([primary], decoded.cells[lost.firstIndex(of: primary)!])
        case .backup(let row): (Array(0..<topology.primaries), decoded.codes[row]!)
        case nil: preconditionFailure("node \(node.rawValue) is not in the topology")
        }
    }

    private mutating func distribute(_ decoded: Decoded, into effects: inout [Effect]) throws {
        for follower in followers {
            let share = share(of: follower, in: decoded)
            send(
                .install(try share.primaries.map(encodedMirror)), to: follower,
                body: Body(share.cells), into: &effects)
        }
        stage = .distributing
        awaited = Set(followers)
        parts = [:]
    }
}

// MARK: - Log

extension Attempt {
    private func log(of decoded: Decoded) -> RecoveryLog {
        let serving = survivors
        return RecoveryLog(
            failed: topology.nodes.filter { !serving.contains($0) },
            cells: primaries.map { holding(of: topology.primary($0)) },
            codes: sources.map { holding(of: topology.backup($0)) },
            slots: zip(lost, decoded.mirrors).map { primary, mirror in
                RecoveryLog.Slots(
                    node: topology.primary(primary),
                    firstSlots: (0..<min(mirror.index.count, RecoveryLog.cellLimit)).map(
                        mirror.index.slot(at:)))
            },
            restored: restored.map { node in
                let share = share(of: node, in: decoded)
                return holding(
                    node, (try? share.primaries.map { try encodedMirror(of: $0).sequence }) ?? [],
                    CellRegions(share.cells))
            })
    }

    private func holding(of survivor: NodeID) -> RecoveryLog.Holding {
        holding(survivor, sequences[survivor] ?? [], try? cells(of: survivor))
    }

    private func holding(
        _ node: NodeID, _ sequences: [UInt64], _ cells: CellRegions?
    ) -> RecoveryLog.Holding {
        RecoveryLog.Holding(
            node: node, sequences: sequences, elements: cells?.counts.total ?? 0,
            firstCells: cells?.first(
                RecoveryLog.cellLimit, bytes: RecoveryLog.cellByteLimit) ?? [])
    }
}
