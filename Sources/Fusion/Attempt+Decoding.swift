import Roles
import Structures

extension Attempt {
    mutating func proceed<Part: FusionPart>(_ part: inout Part, into effects: inout [Effect]) {
        do {
            switch stage {
            case .decoding:
                try decode(into: &effects)
                stage = .installing
                effects.append(.report(.phase(.install)))
                effects.append(.proceed)
            case .installing:
                if parameters.logsRecovery { effects.append(.report(.log(try log()))) }
                guard let decoding, decoding.isComplete, let own = decoding.shares[leader] else {
                    throw MalformedMessage()
                }
                try part.install(knownPrimaries(of: leader).map { try mirror(of: $0) }, own.cells)
                stage = .distributing
                forgetState()
            case .agreeing, .levelling, .collecting, .distributing, .failed:
                break
            }
        } catch {
            fail("the lost state cannot be computed: \(error)", into: &effects)
        }
    }

    /// Those whose cells or codes it takes.
    private var givers: [NodeID] {
        primaries.map(topology.primary) + sources.map(topology.backup)
    }

    /// Computes the lost primaries' cells, all at once, and the recovering backups' codes, as far as
    /// what it takes has come. The other recovering nodes get theirs at once.
    mutating func decode(into effects: inout [Effect]) throws {
        guard parts.count == primaries.count + sources.count else { return }
        if decoding == nil { try beginDecoding(into: &effects) }
        let givers = givers
        while let piece = decoding?.nextPiece(
            of: givers.count, { [parts] in parts[givers[$0]]?.has($1) ?? false })
        {
            try decode(piece, into: &effects)
            for giver in givers { parts[giver]?.drop(piece) }
        }
    }

    private mutating func beginDecoding(into effects: inout [Effect]) throws {
        func counts(_ nodes: [NodeID]) -> [SlotCounts] { nodes.compactMap { parts[$0]?.counts } }
        var decoding = Decoding(
            try lost.map { try Mirror(encodedMirror(of: $0), shape: parameters.shape) },
            primaries: counts(primaries.map(topology.primary)),
            codes: counts(sources.map(topology.backup)), layout: parameters.shape.layout,
            by: try parameters.code.reconstruction(
                of: lost, survivors: primaries, backups: Array(sources)))
        for node in parameters.logsRecovery ? restored : [leader] {
            decoding.keep(topology.primaryIndex(of: node).flatMap(lost.firstIndex), of: node)
        }
        self.decoding = decoding
        installing = Set(followers)
        for follower in followers {
            send(
                .install(try knownPrimaries(of: follower).map(encodedMirror)), to: follower,
                into: &effects)
        }
    }

    private mutating func decode(_ piece: CellPiece, into effects: inout [Effect]) throws {
        let survivors = primaries.map { bytes(of: piece, topology.primary($0)) }
        let codes = sources.map { bytes(of: piece, topology.backup($0)) }
        let cells = try decoding?.decode(piece, codes: codes, survivors: survivors) ?? []
        var all = Array(
            repeating: UnsafeRawBufferPointer(start: nil, count: 0), count: topology.primaries)
        for (primary, bytes) in zip(primaries, survivors) { all[primary] = bytes }
        for (primary, body) in zip(lost, cells) { all[primary] = body.bytes }
        for node in restored {
            let share: Body?
            switch topology.place(of: node) {
            case .primary(let primary): share = lost.firstIndex(of: primary).map { cells[$0] }
            case .backup(let row):
                share = decoding?.encode(piece, all, of: row, with: parameters.code)
            case nil: share = nil
            }
            guard let share, share.count > 0 else { continue }
            try decoding?.add(share.bytes, to: node)
            if node != leader { send(.cells, to: node, body: share, into: &effects) }
        }
    }

    private func bytes(of piece: CellPiece, _ node: NodeID) -> UnsafeRawBufferPointer {
        parts[node]?.bytes(of: piece) ?? UnsafeRawBufferPointer(start: nil, count: 0)
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

    private func mirror(of primary: Int) throws -> Mirror {
        if let position = lost.firstIndex(of: primary), let decoding {
            return decoding.mirrors[position]
        }
        return try Mirror(encodedMirror(of: primary), shape: parameters.shape)
    }

    /// The primaries that a recovering node knows: a primary itself, a backup all.
    private func knownPrimaries(of node: NodeID) -> [Int] {
        topology.primaryIndex(of: node).map { [$0] } ?? Array(0..<topology.primaries)
    }
}

// MARK: - Log

extension Attempt {
    private func log() throws -> RecoveryLog {
        let serving = survivors
        return RecoveryLog(
            failed: topology.nodes.filter { !serving.contains($0) },
            cells: primaries.map { holding(of: topology.primary($0)) },
            codes: sources.map { holding(of: topology.backup($0)) },
            slots: zip(lost, decoding?.mirrors ?? []).map { primary, mirror in
                RecoveryLog.Slots(
                    node: topology.primary(primary),
                    firstSlots: (0..<min(mirror.index.count, RecoveryLog.cellLimit)).map(
                        mirror.index.slot(at:)))
            },
            restored: try restored.map { node in
                holding(
                    node, try knownPrimaries(of: node).map { try encodedMirror(of: $0).sequence },
                    decoding?.shares[node]?.cells)
            })
    }

    private func holding(of survivor: NodeID) -> RecoveryLog.Holding {
        holding(survivor, sequences[survivor] ?? [], parts[survivor]?.kept?.cells)
    }

    private func holding(
        _ node: NodeID, _ sequences: [UInt64], _ cells: Cells?
    ) -> RecoveryLog.Holding {
        RecoveryLog.Holding(
            node: node, sequences: sequences, elements: cells?.count ?? 0,
            firstCells: cells?.first(
                RecoveryLog.cellLimit, bytes: RecoveryLog.cellByteLimit) ?? [])
    }
}
