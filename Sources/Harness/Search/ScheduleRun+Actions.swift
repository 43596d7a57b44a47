import Roles

// What a schedule does to the nodes.

extension ScheduleRun {
    func perform(_ action: ScheduledAction) {
        guard violation == nil else { return }
        say("#\(action.number) \(action.text(name))")
        switch action.content {
        case .update(let group, let initiator, let operation):
            guard isServing(initiator), let life = lives[Int(initiator.rawValue)] else {
                return skip()
            }
            change()
            let id = judges[group].begin(operation, at: initiator)
            life.host.host.deliver(.update(group: group, ticket: id.ticket, operation))
            life.host.settle()
        case .crash(let nodes):
            let allowed = nodes.filter { node, comeback in
                // One after the other: each that ends takes from what the others may.
                guard isUp(node), mayFail(node) else { return false }
                crash(node, comeback)
                return true
            }
            if allowed.isEmpty { skip() }
            if allowed.count > 1 { counts.crashesOfSeveral += 1 }
        case .suspicion(let node, let other, let fenceNs, let comeback):
            guard isStarted(node), isStarted(other), mayFail(node),
                network.hasLink(from: other, to: node)
            else { return skip() }
            doom(node, fenceNs, comeback)
            network.suspect(node, by: other)
        case .brokenConnection(let node, let other, let fenceNs, let comeback):
            // Who gives the updates their order goes on without the other.
            let startsUpdates = judges.indices.flatMap { mechanism.initiators(of: $0) }
            let end = startsUpdates.contains(node) ? other : node
            guard isStarted(node), isStarted(other), mayFail(end),
                network.hasLink(from: node, to: other), network.hasLink(from: other, to: node)
            else { return skip() }
            doom(end, fenceNs, comeback)
            network.breakConnection(between: node, and: other)
        case .slowNode(let node, let duration):
            counts.slowNodes += 1
            network.slow(node, by: options.slownessOfNode)
            network.schedule(after: duration) { [unowned self] in network.slow(node, by: 1) }
        case .slowLink(let from, let to, let duration):
            counts.slowLinks += 1
            network.slowLink(from: from, to: to, by: options.slownessOfLink)
            network.schedule(after: duration) { [unowned self] in
                network.slowLink(from: from, to: to, by: 1)
            }
        }
    }

    private func skip() {
        counts.skippedActions += 1
        say("   (skipped)")
    }

    // MARK: - Failing

    func isUp(_ node: NodeID) -> Bool { lives[Int(node.rawValue)] != nil }

    private func isStarted(_ node: NodeID) -> Bool {
        lives[Int(node.rawValue)]?.isStarted ?? false
    }

    func isServing(_ node: NodeID) -> Bool {
        if case .serving = standings[Int(node.rawValue)] { true } else { false }
    }

    /// Whether the mechanism can still survive it, or need not.
    private func mayFail(_ node: NodeID) -> Bool {
        let isAllowed = budget.allows(node) {
            !isServing($0) || lives[Int($0.rawValue)]?.isSuspected ?? true
        }
        if !isAllowed, schedule.exceedsFaults { isBeyondFaults = true }
        return isAllowed || schedule.exceedsFaults
    }

    /// A peer thinks that a node is gone: in a while it will be.
    private func doom(
        _ node: NodeID, _ fenceNs: UInt64, _ comeback: ScheduledAction.Return
    ) {
        guard let life = lives[Int(node.rawValue)] else { return }
        life.isSuspected = true
        change()
        for group in judges.indices {
            _ = judge { () throws(Violation) in try judges[group].suspect(life.member) }
        }
        network.schedule(after: fenceNs) { [unowned self] in
            guard violation == nil, lives[Int(node.rawValue)]?.member == life.member else { return }
            say("\(name(node)) is fenced")
            counts.fencedNodes += 1
            end(node, comeback)
        }
    }

    private func crash(_ node: NodeID, _ comeback: ScheduledAction.Return) {
        if !mechanism.description(of: node).holdsData { counts.crashesWithoutData += 1 }
        if isServing(node) {
            counts.crashesOfServing += 1
            if judges.contains(where: { !$0.book.outstanding.isEmpty }) {
                counts.crashesInUpdates += 1
            }
        } else {
            counts.crashesInRecovery += 1
        }
        end(node, comeback)
    }

    private func end(_ node: NodeID, _ comeback: ScheduledAction.Return) {
        let index = Int(node.rawValue)
        guard let life = lives[index] else { return }
        change()
        standings[index] = .down
        network.end(node)
        lives[index] = nil
        for group in judges.indices {
            _ = judge { () throws(Violation) in try judges[group].lose(life.member) }
        }
        network.schedule(after: comeback.bootNs) { [unowned self] in boot(node, comeback.startNs) }
    }
}
