import Foundation
import Synchronization

/// Ctrl-C and SIGTERM, turned into something that a poller can wait for.
package final class Interrupt {
    /// What the signal handler may touch: an atomic number and `write`.
    private static let writeEnd = Atomic<Int32>(-1)

    private let pipe = Pipe()

    /// From now on these signals no longer end the process. SIGPIPE and SIGXFSZ are ignored, too: a
    /// pipe that nobody reads and a file that may not grow are errors of the write.
    ///
    /// - Parameter signals: what is watched for; none in a process that is somebody else's.
    package init(signals: [Int32] = [SIGINT, SIGTERM]) {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        guard !signals.isEmpty else { return }
        Interrupt.writeEnd.store(pipe.fileHandleForWriting.fileDescriptor, ordering: .relaxed)
        var unblocked = sigset_t()
        sigemptyset(&unblocked)
        for number in signals {
            sigaddset(&unblocked, number)
            signal(number) { _ in
                var byte: UInt8 = 1
                _ = write(Interrupt.writeEnd.load(ordering: .relaxed), &byte, 1)
            }
        }
        // Who started this process may have blocked them, as Dispatch does on its threads.
        pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
    }

    /// Readable once a signal has come; it stays so.
    package var descriptor: Int32 { pipe.fileHandleForReading.fileDescriptor }

    /// Does what a signal does.
    package func raise() {
        var byte: UInt8 = 1
        _ = write(pipe.fileHandleForWriting.fileDescriptor, &byte, 1)
    }

    /// Whether a signal has come.
    package var isRaised: Bool {
        var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&item, 1, 0) > 0
    }
}
