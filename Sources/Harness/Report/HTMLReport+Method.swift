extension HTMLReport {
    /// How numbers come about that are not measured but computed, in Markdown; what is measured is
    /// said of its column.
    static let method = """
        - Update time: the node that starts an update reads the monotonic clock before it begins and \
        after the last acknowledgement that the mechanism requires. Nothing is logged or allocated for \
        the results in between.
        - Recovery time: from the restarted node's first protocol step to its return to service, after \
        a SIGKILL. Only recoveries whose whole state equalled the model are counted.
        - Only valid runs are counted: every state was compared with a model that replays the same \
        updates.
        - Median: the middle value, of an even count the mean of the two in the middle. Percentile p: \
        by nearest rank, the value at rank ⌈p · count⌉.
        - Variance: Σ(x − mean)² / (count − 1); the standard deviation is its root.
        - 95 % confidence interval `[low, high]`: percentile bootstrap. R repetitions are drawn from the \
        R repetitions with replacement, 2,000 times, from a fixed seed; the figure is computed from all \
        values of those drawn; low and high are the 50th smallest and largest of the 2,000.
        - Ratio of two mechanisms: median / median over the repetitions that both have; for its interval \
        a repetition of both is drawn together. Where the interval covers 1, no difference is shown.
        - Backup space beyond one copy: bytes of all fused backups, or of all replicas less the largest \
        of each group. Bytes are payload + auxiliary + slack + protocol, as each node accounts for them.
        - Floor: what raw ZeroMQ takes for as many rounds of messages to as many peers; of a recovery \
        bytes / pull rate, and + bytes / decoding rate where the mechanism decodes.
        - A published claim counts as reproduced where its test, which stands beside it, holds; absolute \
        times are never compared with the report's, since the machines differ.
        """
}
