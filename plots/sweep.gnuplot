# What updates, backups and recoveries cost by a setting that an experiment sweeps. By hand, with
# the name of the setting's column in summary.csv, and those of the other swept ones, if any:
#
#     gnuplot -e "results='DIR'; x='groups'; series='faults window'" plots/sweep.gnuplot
#
# Each mechanism is a series, and each combination of the other settings. A mechanism that lacks the
# setting on x, such as the code, stands at every x. Reads summary.csv, which holds only valid runs.

load ARG0[1:strlen(ARG0) - strlen("sweep.gnuplot")]."common.gnuplot"

if (!exists("series")) { series = "" }
if (!exists("x")) { missing = "the swept setting is not named, such as x='groups'" }
if (missing eq "" && !is_readable("summary.csv")) { missing = "no summary.csv in ".results }
rows = 0
count_row(n) = (rows = rows + 1, 1)
if (missing eq "") {
    stats results."/summary.csv" using (count_row(0)) nooutput
    if (rows == 0) { missing = "no statistics in ".results."/summary.csv" }
}
eval leave_if_missing

# ---- the values on x, and the series, in the order of summary.csv ----

series_name(n) = strcol("mechanism").settings(series)

array values[rows]
array names[rows]
x_count = 0
name_count = 0
find_value(v, i) = i > x_count ? 0 : values[i] eq v ? i : find_value(v, i + 1)
find_name(v, i) = i > name_count ? 0 : names[i] eq v ? i : find_name(v, i + 1)
add_value(v) = (x_count = x_count + 1, values[x_count] = v, 1)
add_name(v) = (name_count = name_count + 1, names[name_count] = v, 1)
remember(v, name) = (v eq "" || find_value(v, 1) ? 1 : add_value(v), \
    find_name(name, 1) ? 1 : add_name(name))
stats results."/summary.csv" using (remember(strcol(x), series_name(0))) nooutput

# Numbers stand where they belong, those of several magnitudes by their logarithm; words side by side.
is_numeric = 1
do for [j = 1:x_count] { is_numeric = is_numeric && is_digits(values[j], 1) }
least_x = 0; most_x = 0
if (is_numeric) {
    least_x = real(values[1]); most_x = least_x
    do for [j = 2:x_count] {
        least_x = least_x < real(values[j]) ? least_x : real(values[j])
        most_x = most_x > real(values[j]) ? most_x : real(values[j])
    }
}
is_logarithmic = least_x > 0 && most_x / least_x >= 10
place_of(j) = !is_numeric ? j : is_logarithmic ? log(real(values[j])) : real(values[j])
array places[x_count]
do for [j = 1:x_count] { places[j] = place_of(j) }
left = is_numeric ? (is_logarithmic ? log(least_x) : least_x) : 1
width = is_numeric ? (is_logarithmic ? log(most_x) : most_x) - left : x_count - 1
width = width > 0 ? width : 1
# Series stand a little apart, so that no whisker hides another.
step = is_numeric ? width * 0.012 : 0.7 / name_count
position(i, j) = places[j] + (i - (name_count + 1) / 2.0) * step

# ---- what stays the same in all rows, in words ----

changing = ""
see(name) = (seen = seen eq "" ? strcol(name) : seen, \
    strcol(name) eq seen ? 1 : (changing = changing." ".name." ", 1))
do for [name in "structure value_sizes groups faults operations mix order window transport launch"] {
    seen = ""
    stats results."/summary.csv" using (see(name)) nooutput
}
fixed(name, text) = strstrt(changing, " ".name." ") > 0 ? "" : text.", "
describe_fixed(n) = fixed("structure", strcol("structure")) \
    .fixed("value_sizes", strcol("value_sizes")."-byte values") \
    .fixed("groups", "n = ".strcol("groups")).fixed("faults", "f = ".strcol("faults")) \
    .fixed("operations", strcol("operations")." operations per group") \
    .fixed("mix", strcol("mix")).fixed("order", strcol("order")) \
    .fixed("window", "window ".strcol("window")).fixed("transport", strcol("transport")) \
    .fixed("launch", strcol("launch"))
remember_fixed(n) = (configuration = describe_fixed(0), experiment = strcol("experiment"), 1)
stats results."/summary.csv" using (remember_fixed(0)) nooutput
configuration = configuration[1:strlen(configuration) - 2]

# ---- one panel: median, whisker and floor of each series; recoveries of fused backups apart ----

size = name_count * x_count
array medians[2 * size]
array whiskers[2 * size]
array floors[2 * size]
cell(b, i, j) = b * size + (i - 1) * x_count + j
keep(k) = (medians[k] = column("median"), \
    whiskers[k] = whisker eq "" ? column("median") : column(whisker), \
    floors[k] = strcol("floor") eq "" ? NaN : column("floor"), 1)
keep_row(b, i, j) = strcol("metric") ne metric ? 1 : j > 0 ? keep(cell(b, i, j)) : \
    sum [k = 1:x_count] keep(cell(b, i, k))
is_there(value) = value == value
rank(j) = 1 + sum [k = 1:x_count] (places[k] < places[j] ? 1 : 0)
has_backups = 0

# Writes to $points a block of lines for each series: position, median, whisker, floor.
# In: metric, whisker (its column, or ""). Out: least, most (of medians), highest (of whiskers).
collect = '\
    do for [k = 1:2 * size] { medians[k] = NaN; whiskers[k] = NaN; floors[k] = NaN }; \
    stats results."/summary.csv" using (keep_row(strcol("role") eq "backup", \
        find_name(series_name(0), 1), find_value(strcol(x), 1))) nooutput; \
    least = NaN; most = NaN; highest = NaN; \
    do for [k = 1:2 * size] { \
        if (is_there(medians[k])) { \
            lowest = floors[k] < medians[k] ? floors[k] : medians[k]; \
            least = least <= lowest ? least : lowest; \
            most = most >= medians[k] ? most : medians[k]; \
            highest = highest >= whiskers[k] ? highest : whiskers[k]; \
            has_backups = has_backups || k > size \
        } \
    }; \
    set print $points; \
    do for [b = 0:1] { do for [i = 1:name_count] { \
        print "NaN NaN NaN NaN"; \
        do for [r = 1:x_count] { do for [j = 1:x_count] { \
            k = cell(b, i, j); \
            if (rank(j) == r && is_there(medians[k])) { \
                print sprintf("%.10g %.10g %.10g %.10g", position(i, j), medians[k], whiskers[k], floors[k]) \
            } \
        } }; \
        print ""; print "" \
    } }; \
    unset print'

style = is_numeric ? "linespoints" : "points"
dash = is_numeric ? width * 0.03 : 0.5 / name_count
filled(i) = int(word("7 5 9 13 11 6 4 8 12 10", (i - 1) % 10 + 1))
open(i) = int(word("6 4 8 12 10 7 5 9 13 11", (i - 1) % 10 + 1))

# Draws the next panel. In: metric, whisker, name_of_panel, is_bytes.
panel = '\
    eval collect; \
    set datafile separator whitespace; set datafile nocolumnheaders; \
    if (is_there(most) && most > 0) { \
        unit = is_bytes ? byte_unit(most) : time_unit(most); \
        set title name_of_panel." (".unit_name.")" noenhanced; \
        if (least > 0 && highest / least >= 20) { \
            set logscale y 10; set yrange [least / unit_size * 0.7:highest / unit_size * 1.4] \
        } else { unset logscale y; set yrange [0:*] }; \
        plot for [k = 0:2 * name_count - 1] $points index k \
                using ($1 - dash / 2):($4 / unit_size):(dash):(0) \
                with vectors nohead lt k % name_count + 1 lw 1.5 dt 1 notitle, \
            for [k = 0:2 * name_count - 1] $points index k \
                using 1:($2 / unit_size):($2 / unit_size):($3 / unit_size) \
                with yerrorbars lt k % name_count + 1 lw 1 dt 1 ps 0 notitle, \
            for [k = 0:name_count - 1] $points index k using 1:($2 / unit_size) \
                with '.style.' lt k + 1 pt filled(k + 1) notitle, \
            for [k = 0:name_count - 1] $points index (k + name_count) using 1:($2 / unit_size) \
                with '.style.' lt k + 1 dt 3 pt open(k + 1) notitle \
    } else { \
        set title name_of_panel.": not measured" noenhanced; \
        unset logscale y; set yrange [0:1]; \
        plot NaN notitle \
    }; \
    unset label; \
    set datafile separator comma; set datafile columnheaders'

# ---- the figure: three panels and, in the place of a fourth, what the marks mean ----

heading = experiment.": what updates, backups and recoveries cost, by ".symbol(x)
height = 960
eval set_appearance
set output output
# Labels that have no room side by side are turned, and take the room of the axis's title.
is_crowded = 2 * x_count + (sum [j = 1:x_count] strlen(values[j])) > 30
set multiplot layout 2, 2 margins 0.075, 0.975, (is_crowded ? 0.14 : 0.09), 0.83 spacing 0.09, (is_crowded ? 0.19 : 0.16)
unset key
set format y "%g"
set grid ytics mytics lc rgb "#C8C8C8" lw 1 dt 1, lc rgb "#E8E8E8" lw 1 dt 1
set xlabel symbol(x) noenhanced
set xrange [left - width * 0.08 - (is_numeric ? 0 : 0.4):left + width * 1.08 + (is_numeric ? 0 : 0.4)]
set xtics ("" left) noenhanced
if (is_crowded) { set xtics rotate by 30 right; unset xlabel }
do for [j = 1:x_count] { set xtics add (values[j] places[j]) }
set errorbars small

metric = "backup_ns"; whisker = "p99"; is_bytes = 0; name_of_panel = "Update time, median"
eval panel
metric = "final_backup_bytes"; whisker = ""; is_bytes = 1; name_of_panel = "Backup space at the end"
eval panel
metric = "recovery_ns"; whisker = "p95"; is_bytes = 0; name_of_panel = "Recovery time, median"
eval panel

unset border; unset xtics; unset ytics; unset grid; unset xlabel; unset title; unset logscale y
set xrange [0:1]; set yrange [0:1]
set key inside left center Left reverse noinvert noenhanced samplen 3 spacing 1.2 font ",11"
plot NaN notitle, \
    for [i = 1:name_count] keyentry with @style lt i pt filled(i) title names[i], \
    for [i = 1:has_backups] keyentry with points lt 6 pt 6 title "open: a fused backup recovers", \
    keyentry with lines lt 6 lw 1.5 title "floor: what transport and decoding allow", \
    keyentry with points lt 6 pt "|" title "up to p99 (updates), p95 (recoveries)"
unset multiplot
