# Figure 8 of Boyd's report: recovery time of a replica by elements, a line for each number of nodes.

load ARG0[1:strlen(ARG0) - strlen("figure-08.gnuplot")]."common.gnuplot"

mechanism = "replication"
role = "replica"
eval collect_recoveries
if (missing eq "" && !is_recovery) { missing = "no verified recovery of a replica in ".results }
eval leave_if_missing

set datafile separator whitespace
set datafile nocolumnheaders
stats $medians using 3 nooutput
unit = time_unit(STATS_max)

heading = "Figure 8: Recovery time of a replica, by elements"
set xlabel "Elements of the data structure"
set ylabel "Recovery time, median (".unit_name.")"
set key title "Replication"
eval set_appearance
set output output
plot for [i = 1:words(node_counts)] $medians index (i - 1) using 2:($3 / unit_size) \
    with linespoints lt i title word(node_counts, i)." nodes"
