import Foundation
import Synchronization

/// Ctrl-C and SIGTERM, turned into something that a poller can wait for.
package final class Interrupt {
    /// What the signal handler may touch: an atomic number and `write`.
    private static let writeEnd = Atomic<Int32>(-1)

    private let pipe = Pipe()

    /// From now on these signals no longer end the process. SIGPIPE is ignored, too: a pipe that
    /// nobody reads is an error of the write.
    package init() {
        Interrupt.writeEnd.store(pipe.fileHandleForWriting.fileDescriptor, ordering: .relaxed)
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                var byte: UInt8 = 1
                _ = write(Interrupt.writeEnd.load(ordering: .relaxed), &byte, 1)
            }
        }
    }

    /// Readable once a signal has come; it stays so.
    package var descriptor: Int32 { pipe.fileHandleForReading.fileDescriptor }

    /// Whether a signal has come.
    package var isRaised: Bool {
        var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&item, 1, 0) > 0
    }
}
