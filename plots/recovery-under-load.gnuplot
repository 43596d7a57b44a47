# How long updates took around a crash: each point is an update, at the time when it was complete.
#
#     gnuplot -e "results='DIR'" plots/recovery-under-load.gnuplot
#
# One panel for each mechanism and role of a crashed node, of the first such recovery during which
# updates went on. Reads runs.csv, recovery.csv and updates.csv.

load ARG0[1:strlen(ARG0) - strlen("recovery-under-load.gnuplot")]."common.gnuplot"

if (missing eq "" && !is_readable("recovery.csv")) { missing = "no recovery.csv in ".results }
eval leave_if_missing

# ---- the recoveries that are drawn ----

most = 6
array crash_run[most]; array crash_time[most]; array crash_away[most]; array crash_name[most]
count = 0
is_known(name, i) = i > count ? 0 : crash_name[i] eq name || is_known(name, i + 1)
add_crash(r, name) = count == most || is_known(name, 1) ? 1 : (count = count + 1, \
    crash_run[count] = r, crash_time[count] = column("crashed_ns"), \
    crash_away[count] = column("redundancy_ns") / 1e6, crash_name[count] = name, 1)
name(r) = mechanism_of[r].": ".strcol("role")." crashes"
look(r) = strcol("updates_meanwhile") eq "" || strcol("verified") ne "true" || \
    mechanism_of[r] eq "" ? 1 : add_crash(r, name(r))
stats results."/recovery.csv" using (look(int(column("run")))) nooutput
if (count == 0) { missing = "no updates went on during a recovery in ".results."/recovery.csv" }
eval leave_if_missing

# ---- the figure: a panel for each ----

longest = 0
do for [i = 1:count] { longest = crash_away[i] > longest ? crash_away[i] : longest }
before = -0.5 * longest
after = 2.5 * longest
# When an update was complete, in ms from the crash.
end(i) = (column("began_ns") + column("backup_ns") \
    - (strcol("wait_ns") eq "" ? 0 : column("wait_ns")) - crash_time[i]) / 1e6
at(i) = int(column("run")) == crash_run[i] && end(i) >= before && end(i) <= after ? end(i) : NaN

heading = "Updates around a crash: how long each took, by when it was complete"
height = 210 + 330 * count
eval set_appearance
set output output
set multiplot layout count, 1 margins 0.11, 0.97, 80.0 / height, 1 - 190.0 / height \
    spacing 0, 80.0 / height
unset key
set xrange [before:after]
set ylabel "Time of an update (ms)"
set logscale y 10
set yrange [*:*]
set format y "%g"
do for [i = 1:count] {
    if (i == count) { set xlabel "Time from the SIGKILL (ms)" }
    set title crash_name[i].sprintf(", back in service after %.0f ms", crash_away[i]) noenhanced offset 0, -0.5
    set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc rgb "#000000" lw 1.5 dt (4, 3)
    set arrow 2 from crash_away[i], graph 0 to crash_away[i], graph 1 nohead lc rgb "#009E73" lw 1.5 dt (4, 3)
    plot results."/updates.csv" using (at(i)):(column("backup_ns") / 1e6) with points lt 1 pt 7 ps 0.3
    unset label
}
unset multiplot
