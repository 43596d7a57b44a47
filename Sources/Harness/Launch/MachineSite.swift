import Foundation
import Roles
import Transport

/// This machine: nodes are its processes, or threads of this one, and talk over ZeroMQ.
final class MachineSite: NodeSite {
    private let plan: RunPlan
    private let interrupt: Interrupt
    private let launcher: any Launcher
    private let directory: PrivateDirectory?
    /// A number that no other run on this machine has.
    private let run = UInt64.random(in: 1...UInt64.max)
    private let driver: Endpoint
    /// The present lives that have not ended.
    private var running: [(node: NodeID, process: any LocalNode)] = []

    /// - Parameter executable: the program that child processes run.
    init(
        plan: RunPlan, mechanism: any Mechanism, executable: URL, interrupt: Interrupt
    ) throws {
        self.plan = plan
        self.interrupt = interrupt
        directory = plan.transport == .ipc ? try PrivateDirectory() : nil
        let context = try MessagingContext()
        launcher =
            plan.launch == .threads
            ? ThreadLauncher(mechanism: mechanism, context: context)
            : ProcessLauncher(
                executable: executable,
                processors: plan.placement.processors(
                    of: mechanism, groups: plan.groups, among: ProcessorSet.allowed()))
        driver = try Endpoint(
            of: Member(.driver, incarnation: 1),
            kind: plan.transport.endpointKind(in: directory?.path), run: run, in: context)
    }

    var endpoint: any NodeEndpoint { driver }
    var linksFirstLives: Bool { false }

    func now() -> UInt64 { MonotonicClock.now() }

    func launch(_ member: Member) throws -> any RunningNode {
        let process = try launcher.launch(
            NodeSpecification(
                plan: plan, member: member, run: run, driverAddress: driver.address,
                directory: directory?.path))
        running.removeAll { $0.node == member.node }
        running.append((member.node, process))
        return process
    }

    func next() throws -> NetworkEvent? { try driver.next() }

    func wait(until deadline: UInt64) throws -> [NodeWords]? {
        let ready = try driver.wait(
            for: [interrupt.descriptor] + running.map(\.process.complaints),
            atMost: UInt64(milliseconds(until: deadline)) * 1_000_000)
        if ready[0] { throw RunError.interrupted }
        return zip(running, ready.dropFirst()).filter(\.1).map { words(of: $0.0) }
    }

    func settle() -> Bool { false }

    func wait(forWordsOf node: NodeID, until deadline: UInt64) throws -> NodeWords? {
        guard let life = running.first(where: { $0.node == node }) else { return nil }
        var items = [interrupt.descriptor, life.process.complaints].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        // A signal ends the wait early; the caller looks at the clock.
        let count = poll(&items, nfds_t(items.count), Int32(milliseconds(until: deadline)))
        guard count > 0 else { return nil }
        if items[0].revents != 0 { throw RunError.interrupted }
        return items[1].revents != 0 ? words(of: life) : nil
    }

    private func words(of life: (node: NodeID, process: any LocalNode)) -> NodeWords {
        let (text, isGone) = life.process.readComplaints()
        if isGone { running.removeAll { $0.node == life.node } }
        return NodeWords(node: life.node, text: text, isGone: isGone)
    }

    private func milliseconds(until deadline: UInt64) -> Int {
        let now = now()
        return now < deadline ? Int((deadline - now) / 1_000_000) + 1 : 0
    }
}
