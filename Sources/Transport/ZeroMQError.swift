import CZeroMQ
import Glibc

/// A libzmq call that failed: which, on what, and why.
package struct ZeroMQError: Error, CustomStringConvertible {
    package let call: String
    package let subject: String
    package let code: Int32

    package var description: String {
        let reason = String(cString: zmq_strerror(code))
        return subject.isEmpty
            ? "\(call) failed: \(reason)" : "\(call) of \(subject) failed: \(reason)"
    }
}

/// Runs a libzmq call until no signal interrupts it.
///
/// - Returns: what the call returned, or nil where it would have blocked.
/// - Throws: `ZeroMQError` for every other failure.
@inline(__always)
@discardableResult
func zeroMQ(
    _ call: StaticString, _ subject: @autoclosure () -> String = "", _ body: () -> Int32
) throws(ZeroMQError) -> Int32? {
    while true {
        let result = body()
        if result >= 0 { return result }
        switch zmq_errno() {
        case EINTR: continue
        case EAGAIN: return nil
        case let code:
            throw ZeroMQError(call: call.description, subject: subject(), code: code)
        }
    }
}
