import Glibc

/// Keeps other programs from writing results into a directory at the same time. The kernel takes the
/// lock away with the process, however that ends.
final class DirectoryLock {
    private let descriptor: Int32

    /// - Throws: `ResultsError.inUse` where somebody else holds the lock.
    init(_ path: String) throws(ResultsError) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .read(path: path, reason: reason(of: errno)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse(path: path)
        }
    }

    deinit { close(descriptor) }
}
