# Figure 10 of Boyd's report: recovery time of a primary under fusion by number of nodes, a line for
# each number of elements; at most ten of them, evenly chosen.

load ARG0[1:strlen(ARG0) - strlen("figure-10.gnuplot")]."common.gnuplot"

mechanism = "fusion"
role = "primary"
eval collect_recoveries
if (missing eq "" && !is_recovery) { missing = "no verified recovery of a fusion primary in ".results }
eval leave_if_missing

set datafile separator whitespace
set datafile nocolumnheaders
stats $medians using 3 nooutput
unit = time_unit(STATS_max)

# From the largest size downwards, which is always drawn.
step = int((words(sizes) + 9) / 10)
shown = ""
do for [i = words(sizes):1:-step] { shown = word(sizes, i)." ".shown }

# The same medians, a block of lines for each size.
set print $by_size
do for [size in shown] {
    do for [i = 1:|$medians|] {
        if (word($medians[i], 2) eq size) { print $medians[i] }
    }
    print ""; print ""
}
unset print

heading = "Figure 10: Recovery time of a primary under fusion, by number of nodes"
set xlabel "Primaries (groups); the fused backup is not counted"
set ylabel "Recovery time, median (".unit_name.")"
set xtics 1
set xrange [0.8:word(node_counts, words(node_counts)) + 0.2]
set key title "Elements"
eval set_appearance
set output output
plot for [i = 1:words(shown)] $by_size index (i - 1) using 1:($3 / unit_size) \
    with linespoints lt i title word(shown, i)
