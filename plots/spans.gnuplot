# Where the time of replication's updates goes: of each setting the median, the 99th and the 99.9th
# percentile of each span, from summary.csv.
#
#     gnuplot -e "results='DIR'; output='FILE'; format='svg'" plots/spans.gnuplot
#
# The percentiles of the spans are those of each span by itself: they do not add up.

load ARG0[1:strlen(ARG0) - strlen("spans.gnuplot")]."common.gnuplot"

spans = "local_ns proposal_ns acknowledgement_ns holdback_ns"
rows = 0
highest = 0
count_row(n) = (rows = rows + 1, 1)
is_span(i) = strcol("metric") eq word(spans, i)
is_any = 0
look(n) = sum [i = 1:words(spans)] (is_span(i) ? (is_any = 1, \
    highest = column("p999") > highest ? column("p999") : highest, 1) : 0)
if (missing eq "" && !is_readable("summary.csv")) { missing = "no summary.csv in ".results }
if (missing eq "") {
    stats results."/summary.csv" using (count_row(0) + look(0)) nooutput
    if (!is_any) { missing = "no span of an update in ".results."/summary.csv" }
}
eval leave_if_missing

# ---- the settings, in the order of summary.csv ----

array names[rows]
name_count = 0
find_name(v, i) = i > name_count ? 0 : names[i] eq v ? i : find_name(v, i + 1)
add_name(v) = (name_count = name_count + 1, names[name_count] = v, 1)
name(n) = sprintf("%s, n = %s, f = %s, window %s", strcol("mechanism"), strcol("groups"), \
    strcol("faults"), strcol("window"))
remember(v) = find_name(v, 1) ? 1 : add_name(v)
stats results."/summary.csv" using (is_span(1) ? remember(name(0)) : 1) nooutput
stats results."/summary.csv" using (configuration = strcol("experiment").": " \
    .strcol("operations")." operations per group (".strcol("mix")."), ".strcol("structure"), 1) nooutput

unit = time_unit(highest)
heading = "Where the time of an update goes: median, p99 and p99.9 of each span"
set ylabel "Time (".unit_name.")"
set logscale y 10
set yrange [*:*]
set format y "%g"
set grid ytics mytics lc rgb "#C8C8C8" lw 1 dt 1, lc rgb "#E4E4E4" lw 1 dt 1
set xrange [0.4:name_count + 0.6]
set xtics () noenhanced
set xtics rotate by 25 right
do for [j = 1:name_count] { set xtics add (names[j] j) }
set errorbars small
set bmargin at screen 0.3
height = 840
eval set_appearance
set output output
place(i) = find_name(name(0), 1) + (i - 2.5) * 0.16
time_at(i, name) = is_span(i) && find_name(name(0), 1) ? column(name) / unit_size : NaN
titles = "'until it goes out' 'until all have proposed' 'until all have acknowledged' 'held back at most'"
plot for [i = 1:words(spans)] results."/summary.csv" \
        using (place(i)):(time_at(i, "median")):(time_at(i, "median")):(time_at(i, "p999")) \
        with yerrorbars lt i lw 1.5 dt 1 title word(titles, i), \
    for [i = 1:words(spans)] results."/summary.csv" using (place(i)):(time_at(i, "p99")) \
        with points lt i pt 2 notitle, \
    keyentry with points lt 6 pt 2 title "p99", \
    keyentry with lines lt 6 dt 1 lw 1.5 title "up to p99.9"
