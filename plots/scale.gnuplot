# How fusion and replication grow with the number of groups, on each network of a simulation: update
# time, recovery time and bytes, and the space of the backups. By hand:
#
#     gnuplot -e "results='DIR'" plots/scale.gnuplot
#
# Colours are mechanisms; dashes are numbers of faults, the smallest and the largest. Reads
# summary.csv, which holds only valid runs. A backup's recovery is left out: it moves as much as a
# primary's.

load ARG0[1:strlen(ARG0) - strlen("scale.gnuplot")]."common.gnuplot"

networks = ""; faults = ""; mechanisms = ""; sizes = ""
add(list, word) = strstrt(" ".list." ", " ".word." ") > 0 ? list : list." ".word
remember(n) = strcol("launch") ne "simulated" ? 1 : (networks = add(networks, strcol("transport")), \
    faults = insert(faults, int(column("faults"))), mechanisms = add(mechanisms, strcol("mechanism")), \
    sizes = insert(sizes, int(column("groups"))), 1)
if (missing eq "" && !is_readable("summary.csv")) { missing = "no summary.csv in ".results }
if (missing eq "") {
    stats results."/summary.csv" using (remember(0)) nooutput
    if (networks eq "") { missing = "no simulated run in ".results }
}
eval leave_if_missing

drawn_faults = word(faults, 1)
if (words(faults) > 1) { drawn_faults = drawn_faults." ".word(faults, words(faults)) }

height = 1300
heading = "From one server room to many: what n groups cost"
configuration = "medians, virtual time; f = ".word(drawn_faults, 1) \
    .(words(drawn_faults) > 1 ? " solid, f = ".word(drawn_faults, 2)." dashed" : "")
eval set_appearance

set datafile missing NaN
set logscale xy
set xrange [real(word(sizes, 1)) * 0.8:real(word(sizes, words(sizes))) * 1.25]
set yrange [*:*]
set format y "10^{%T}"
set grid xtics ytics lc rgb "#C8C8C8" lw 1 dt 1
set logscale x 2
set xtics format "%.0f" 8
unset key

is_row(metric, mechanism, f, network) = strcol("metric") eq metric && strcol("mechanism") eq mechanism \
    && strcol("transport") eq network && int(column("faults")) == f && strcol("role") ne "backup"
median_of(metric, mechanism, f, network) = \
    is_row(metric, mechanism, f, network) ? column("median") : NaN
colour_of(m) = m eq "fusion" ? "#0072B2" : m eq "replication" ? "#D55E00" : "#009E73"
factor(i) = i < 3 ? 1e-9 : 1

metrics = "backup_ns recovery_ns recovery_bytes final_backup_bytes"
label_of(i) = i == 1 ? "update (s)" : i == 2 ? "recovery (s)" : \
    i == 3 ? "bytes of a recovery" : "bytes of all backups"
columns = words(networks)
left_of(j) = 0.10 + (j - 1) * 0.88 / columns
top_of(i) = 0.84 - (i - 1) * 0.20

do for [k = 1:words(mechanisms)] {
    set label 2 + k word(mechanisms, k) at screen 0.04 + 0.1 * (k - 1), 0.905 noenhanced \
        font ",13" textcolor rgb colour_of(word(mechanisms, k))
}

set output output
set multiplot
do for [i = 1:words(metrics)] {
    do for [j = 1:columns] {
        set lmargin at screen left_of(j)
        set rmargin at screen left_of(j) + 0.88 / columns - 0.06
        set tmargin at screen top_of(i)
        set bmargin at screen top_of(i) - 0.15
        if (i == 1) { set title word(networks, j) noenhanced } else { unset title }
        if (i == words(metrics)) { set xlabel "groups n" } else { unset xlabel }
        if (j == 1) { set ylabel label_of(i) } else { unset ylabel }
        plot for [m in mechanisms] for [k = 1:words(drawn_faults)] results."/summary.csv" \
            using (is_row(word(metrics, i), m, int(word(drawn_faults, k)), word(networks, j)) \
                ? column("groups") : NaN) \
            :(factor(i) * median_of(word(metrics, i), m, int(word(drawn_faults, k)), word(networks, j))) \
            with linespoints lc rgb colour_of(m) lw 2 dt k pt (k == 1 ? 7 : 5) ps 0.8
        do for [k = 1:2 + words(mechanisms)] { unset label k }
    }
}
unset multiplot
unset output
