# Figure 7 of Boyd's report: space of the backups by elements. Replication has a line for each number
# of nodes and counts every replica, as the report does. Fusion has two, at the largest number of
# groups: all that the fused backups hold, and their code words alone ("bits only" in the report).

load ARG0[1:strlen(ARG0) - strlen("figure-07.gnuplot")]."common.gnuplot"

# Which sums there are, and whether every structure has as many elements as it had operations.
replica_counts = ""
most_groups = 0
are_all_elements = 1
is_role(r, mechanism, role) = is_drawn(r, mechanism) && strcol("role") eq role
remember_space(r) = ( \
    replica_counts = is_role(r, "replication", "replica") ? insert(replica_counts, replicas(r)) : replica_counts, \
    most_groups = is_role(r, "fusion", "backup") && groups(r) > most_groups ? groups(r) : most_groups, \
    are_all_elements = is_role(r, "replication", "replica") && column("elements") != column("operations") \
        ? 0 : are_all_elements, 1)
if (missing eq "" && is_readable("space.csv")) {
    stats results."/space.csv" using (remember_space(int(column("run")))) nooutput
}
if (missing eq "" && replica_counts eq "" && most_groups == 0) {
    missing = "no space of a replica or a fused backup in ".results
}
eval leave_if_missing

# Repeated runs are averaged: sums over all of them, divided by their number.
nodes(r, mechanism) = mechanism eq "fusion" ? groups(r) : replicas(r)
count_runs(mechanism, n) = \
    sum [r = 1:last_run] (is_drawn(r, mechanism) && nodes(r, mechanism) == n ? 1 : 0)
is_summed(r) = is_role(r, mechanism, role) && nodes(r, mechanism) == count

# Appends a block of lines to $sums: operations, bytes. In: mechanism, role, count, name.
add_sums = '\
    set table $rows; \
    plot results."/space.csv" using (column("operations")):(column(name)) \
        with table if (is_summed(int(column("run")))); \
    unset table; \
    runs = count_runs(mechanism, count); \
    set datafile separator whitespace; set datafile nocolumnheaders; \
    set table $sums append; \
    plot $rows using 1:($2 / runs) smooth frequency; \
    unset table; \
    set datafile separator comma; set datafile columnheaders'

mechanism = "replication"; role = "replica"; name = "total_bytes"
do for [n in replica_counts] {
    count = int(n)
    eval add_sums
}
if (most_groups > 0) {
    mechanism = "fusion"; role = "backup"; count = most_groups
    do for [name in "total_bytes payload_bytes"] { eval add_sums }
}

set datafile separator whitespace
set datafile nocolumnheaders
stats $sums using 2 nooutput
unit = byte_unit(STATS_max)
fusion_title(i) = sprintf("fusion, %s", i == 1 ? "with index" : "code words only")
fusion_series = most_groups > 0 ? 2 : 0

heading = "Figure 7: Space of the backups, by elements"
set xlabel are_all_elements ? "Elements of each data structure" : "Updates of each group"
set ylabel "Backup space (".unit_name.")"
set key title most_groups > 0 ? sprintf("Fusion: %d group%s", most_groups, most_groups == 1 ? "" : "s") : ""
eval set_appearance
set output output
plot for [i = 1:fusion_series] $sums index (words(replica_counts) + i - 1) \
        using 1:($2 / unit_size) with linespoints lt (i == 1 ? 6 : 7) title fusion_title(i), \
    for [i = 1:words(replica_counts)] $sums index (i - 1) using 1:($2 / unit_size) \
        with linespoints lt (i < 6 ? i : i + 2) \
        title sprintf("replication, %s nodes", word(replica_counts, i))
