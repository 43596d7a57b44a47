import Roles

/// Hosts a role on a virtual network: what `Endpoint.serve` is to ZeroMQ. It also lets pass the time
/// that the long step of a recovery takes, which the model gives by the bytes that came for it.
package final class VirtualHost {
    package let host: RoleHost
    private let network: VirtualNetwork
    private let endpoint: VirtualEndpoint
    /// Bulk bytes that have come and were not computed with.
    private var recoveryBytes = 0

    /// - Parameter prepare: makes the role's host for an endpoint.
    package init(
        _ member: Member, on network: VirtualNetwork, isPrelinked: Bool,
        prepare: (any NodeEndpoint) throws -> RoleHost
    ) rethrows {
        self.network = network
        // The endpoint needs its host, and the host its endpoint.
        let relay = Relay()
        endpoint = network.begin(member, isPrelinked: isPrelinked) { relay.host?.take($0) }
        host = try prepare(endpoint)
        host.beforeProceed = { [unowned self] in pass() }
        relay.host = self
        endpoint.hasHandled = { [weak self] in self?.settle() }
    }

    private final class Relay {
        weak var host: VirtualHost?
    }

    /// The role's host has been given something to do from outside.
    package func settle() {
        while endpoint.waiting == 0, network.isAlive(endpoint.member), host.needsIdle {
            host.deliver(.idle)
        }
    }

    private func take(_ event: NetworkEvent) {
        if case .message(let message, .role, _) = event, let body = message.body {
            recoveryBytes += body.count
        }
        host.take(event)
    }

    /// The role's next step is a long one.
    private func pass() {
        let duration = NetworkModel.nanoseconds(
            for: recoveryBytes, at: network.model.processedBytesPerSecond)
        guard duration > 0 else { return }
        recoveryBytes = 0
        host.hold()
        network.schedule(after: duration) { [weak self] in
            self?.host.release()
            self?.settle()
        }
    }
}
