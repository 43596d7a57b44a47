import Foundation

/// Writes bytes to a loopback port on a raw connection; the receiver may hang up on the first.
///
/// - Returns: whether somebody answered there.
package func write(_ bytes: [UInt8], toLoopbackPort port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var target = sockaddr_in()
    target.sin_family = sa_family_t(AF_INET)
    target.sin_port = port.bigEndian
    target.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let connected = withUnsafePointer(to: &target) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard connected == 0 else { return false }
    _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    return true
}
