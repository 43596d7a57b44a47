/// Why a call failed. Whatever was refused has changed nothing, neither at its server nor at the
/// backups.
///
///     do throws(FusedError) {
///         try list.remove(at: 7)
///     } catch .indexOutOfRange(let index, let count) {
///         print("there is no \(index) among \(count)")
///     }
public enum FusedError: Error, Hashable, Sendable {
    /// There is no element at `index` of `count`; an insertion may also name `count` itself.
    case indexOutOfRange(index: Int, count: Int)
    /// There is no such key, or no such element of a set; in words.
    case missingKey(String)
    /// There is nothing to take.
    case empty
    /// The encoded element has more bytes than the cluster was made for.
    case elementTooLarge(bytes: Int, limit: Int)
    /// The key has more bytes than a key can have.
    case keyTooLarge(bytes: Int, limit: Int)
    /// The structure holds as many elements as it can.
    case full
    /// The element's type cannot turn it into bytes.
    case cannotEncode(type: String, reason: String)
    /// The stored bytes are not what the element's type can read: it does not read what it writes.
    case cannotDecode(type: String, reason: String)
    /// The server has crashed and was not recovered.
    case serverCrashed(FusedServer)
    /// The cluster has no such server.
    case noSuchServer(FusedServer)
    /// More servers have crashed than the cluster tolerates: the contents of `lost` are gone. The
    /// other primaries serve on.
    case tooManyFailures(lost: [FusedServer], failed: [FusedServer], faults: Int)
    /// There can be no such cluster; the text says why.
    case invalidCluster(String)
    /// The protocol could not go on, which it always should; the text says why. Servers that were to
    /// recover are as before.
    case protocolFailure(String)
}

extension FusedError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .indexOutOfRange(let index, let count):
            "index \(index) is out of range: there are \(count) elements"
        case .missingKey(let key): "there is no key \(key)"
        case .empty: "there are no elements"
        case .elementTooLarge(let bytes, let limit):
            "the element has \(bytes) bytes, at most \(limit) are allowed"
        case .keyTooLarge(let bytes, let limit):
            "the key has \(bytes) bytes, at most \(limit) are allowed"
        case .full: "the structure holds as many elements as it can"
        case .cannotEncode(let type, let reason): "a \(type) cannot be encoded: \(reason)"
        case .cannotDecode(let type, let reason): "a \(type) cannot be decoded: \(reason)"
        case .serverCrashed(let server): "\(server) has crashed"
        case .noSuchServer(let server): "there is no \(server)"
        case .tooManyFailures(let lost, let failed, let faults):
            "\(list(lost)) lost: \(failed.count) servers have crashed (\(names(failed))), "
                + "the cluster tolerates \(faults)"
        case .invalidCluster(let reason), .protocolFailure(let reason): reason
        }
    }

    private func names(_ servers: [FusedServer]) -> String {
        servers.map(\.description).joined(separator: ", ")
    }

    private func list(_ servers: [FusedServer]) -> String {
        "\(names(servers)) \(servers.count == 1 ? "is" : "are")"
    }
}
