# Where the time of updates goes, for mechanisms that take several steps: the median, the 99th and
# the 99.9th percentile of each span. By hand, with the names of the swept settings' columns in
# summary.csv, if any:
#
#     gnuplot -e "results='DIR'; series='faults window'" plots/spans.gnuplot
#
# Reads summary.csv, which holds only valid runs.
# The percentiles of the spans are those of each span by itself: they do not add up.

load ARG0[1:strlen(ARG0) - strlen("spans.gnuplot")]."common.gnuplot"

if (!exists("series")) { series = "" }
spans = "local_ns proposal_ns acknowledgement_ns holdback_ns"
rows = 0
highest = 0
count_row(n) = (rows = rows + 1, 1)
is_span(i) = strcol("metric") eq word(spans, i)
is_any = 0
look(n) = sum [i = 1:words(spans)] (is_span(i) ? (is_any = i > is_any ? i : is_any, \
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
name(n) = strcol("mechanism").settings(series)
lines(text) = strstrt(text, ", ") == 0 ? text : \
    text[1:strstrt(text, ", ") - 1]."\n".lines(text[strstrt(text, ", ") + 2:])
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
# Side by side as long as there is room.
is_crowded = name_count > 10
if (is_crowded) { set xtics rotate by 90 right }
do for [j = 1:name_count] { set xtics add ((is_crowded ? names[j] : lines(names[j])) j) }
set errorbars small
set tmargin at screen 0.86
set bmargin at screen is_crowded ? 0.45 : 0.3
set key at screen 0.5, 0.01 bottom center horizontal noinvert maxcols 3 width 2
height = 840
eval set_appearance
set output output
place(i) = find_name(name(0), 1) + (i - 2.5) * 0.16
time_at(i, name) = is_span(i) && find_name(name(0), 1) ? column(name) / unit_size : NaN
titles = "'until it goes out' 'until all have proposed' 'until all have acknowledged' 'held back by a member'"
plot for [i = 1:words(spans)] results."/summary.csv" \
        using (place(i)):(time_at(i, "median")):(time_at(i, "median")):(time_at(i, "p999")) \
        with yerrorbars lt i lw 1.5 dt 1 title (i <= is_any ? word(titles, i) : ""), \
    for [i = 1:words(spans)] results."/summary.csv" using (place(i)):(time_at(i, "p99")) \
        with points lt i pt 2 notitle, \
    keyentry with points lt 6 pt 2 title "p99", \
    keyentry with lines lt 6 dt 1 lw 1.5 title "up to p99.9"
