# Figure 11 of Boyd's report: recovery time of both mechanisms side by side, by elements. Fusion has
# a line for each number of groups; replication hardly depends on it and has one, the mean over its
# numbers of nodes. Figure 12 is the same with a logarithmic axis.

load ARG0[1:strlen(ARG0) - strlen("figure-11.gnuplot")]."common.gnuplot"

mechanism = "replication"
role = "replica"
eval collect_recoveries
if (missing eq "" && !is_recovery) { missing = "no verified recovery of a replica in ".results }
eval leave_if_missing
set datafile separator whitespace
set datafile nocolumnheaders
# Without the blank lines, which would keep the numbers of nodes apart.
set print $all
do for [i = 1:|$medians|] {
    if (words($medians[i]) == 3) { print $medians[i] }
}
unset print
set table $replication
plot $all using 2:3 smooth unique
unset table
set datafile separator comma
set datafile columnheaders

mechanism = "fusion"
role = "primary"
eval collect_recoveries
if (!is_recovery) { missing = "no verified recovery of a fusion primary in ".results }
eval leave_if_missing
set datafile separator whitespace
set datafile nocolumnheaders
stats $medians using 3 nooutput
largest = STATS_max
stats $replication using 2 nooutput
unit = time_unit(largest > STATS_max ? largest : STATS_max)

if (!exists("is_logarithmic")) { is_logarithmic = 0 }
heading = is_logarithmic ? "Figure 12: Recovery time side by side, by elements (log scale)" \
    : "Figure 11: Recovery time side by side, by elements"
set xlabel "Elements of the data structure"
set ylabel "Recovery time, median (".unit_name.")"
if (is_logarithmic) {
    set yrange [*:*]
    set logscale y 10
    set format y "%g"
    set grid ytics mytics lc rgb "#C8C8C8" lw 1 dt 1, lc rgb "#E4E4E4" lw 1 dt 1
}
eval set_appearance
set output output
plot $replication using 1:($2 / unit_size) with linespoints lt 6 title "replication, mean", \
    for [i = 1:words(node_counts)] $medians index (i - 1) using 2:($3 / unit_size) \
    with linespoints lt (i < 6 ? i : i + 1) \
    title sprintf("fusion, %s group%s", word(node_counts, i), word(node_counts, i) eq "1" ? "" : "s")
