import FusedStructures

/// The most servers that crash together in these tests.
let simultaneousFailures = 3

/// All servers, in portions that may crash together.
func failuresToTry(_ servers: [FusedServer]) -> [[FusedServer]] {
    stride(from: 0, to: servers.count, by: simultaneousFailures).map {
        Array(servers[$0..<min($0 + simultaneousFailures, servers.count)])
    }
}
