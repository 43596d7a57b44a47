# Latency against throughput in an open loop: at each rate that an experiment sweeps, how many
# updates a second were complete, and how long they took from when they were due. By hand, with the
# names of the other swept settings' columns in summary.csv, if any:
#
#     gnuplot -e "results='DIR'; series='faults window'" plots/saturation.gnuplot
#
# Reads summary.csv, which holds only valid runs. Of each configuration the row of backup_ns stands
# there before that of updates_per_second.

load ARG0[1:strlen(ARG0) - strlen("saturation.gnuplot")]."common.gnuplot"

if (!exists("series")) { series = "" }
if (missing eq "" && !is_readable("summary.csv")) { missing = "no summary.csv in ".results }
rows = 0
is_point(metric) = strcol("rate") ne "" && strcol("metric") eq metric
if (missing eq "") {
    stats results."/summary.csv" using (rows = rows + 1, 1) nooutput
    points = 0
    stats results."/summary.csv" using (is_point("updates_per_second") ? (points = points + 1, 1) : 1) nooutput
    if (points == 0) { missing = "no rate in ".results."/summary.csv" }
}
eval leave_if_missing

# ---- the series, in the order of summary.csv ----

array names[rows]
name_count = 0
name(n) = strcol("mechanism").settings(series)
find_name(v, i) = i > name_count ? 0 : names[i] eq v ? i : find_name(v, i + 1)
add_name(v) = (name_count = name_count + 1, names[name_count] = v, 1)
remember(v) = find_name(v, 1) ? 1 : add_name(v)
stats results."/summary.csv" using (is_point("backup_ns") ? remember(name(0)) : 1) nooutput
stats results."/summary.csv" using (configuration = strcol("experiment").": " \
    .strcol("operations")." operations per group (".strcol("mix")."), ".strcol("structure") \
    .", n = ".strcol("groups").", window ".strcol("window").", ".strcol("arrivals")." arrivals, " \
    .strcol("transport").", ".strcol("launch"), 1) nooutput

# ---- the figure ----

array highest[1]
highest[1] = 0
see(v) = (highest[1] = v > highest[1] ? v : highest[1], 1)
stats results."/summary.csv" using (is_point("backup_ns") ? see(column("p99")) : 1) nooutput
unit = time_unit(highest[1])
# Kept from a row of backup_ns until the row of its throughput comes.
median = NaN; p99 = NaN
keep(n) = (median = column("median") / unit_size, p99 = column("p99") / unit_size, NaN)
is_of(i) = find_name(name(0), 1) == i
throughput(i) = !is_of(i) ? NaN : is_point("backup_ns") ? keep(0) : \
    is_point("updates_per_second") ? column("median") : NaN
heading = "Latency against throughput: median and p99 from when an update was due"
set datafile missing NaN
set xlabel "Updates complete per second, all groups"
set ylabel "Time (".unit_name.")"
set logscale y 10
set yrange [*:*]
set format y "%g"
set grid ytics mytics lc rgb "#C8C8C8" lw 1 dt 1, lc rgb "#E4E4E4" lw 1 dt 1
set errorbars small
set key bottom
eval set_appearance
set output output
plot for [i = 1:name_count] results."/summary.csv" \
        using (throughput(i)):(median):(median):(p99) with yerrorbars lt i lw 1 dt 1 ps 0 notitle, \
    for [i = 1:name_count] results."/summary.csv" using (throughput(i)):(median) \
        with linespoints lt i title names[i], \
    keyentry with points lt 6 pt "|" title "up to p99"
