# What the figures share: reading and joining the CSV, units, colours. Each figure is called as
#
#     gnuplot -e "results='DIR'; output='FILE'; format='svg'" plots/figure-07.gnuplot
#
# with format svg or png. Only valid runs and verified recoveries are drawn. A directory may hold
# runs with several settings; those of the first valid run are drawn, or those given as
# configuration='...' in the words that stand under the title.
#
# A figure whose data is not there says so, writes nothing and exits with status 3.

if (!exists("results")) results = "."
if (!exists("format")) format = "svg"
if (!exists("output")) output = results."/figure.".format
missing = ""

set datafile separator comma
set datafile columnheaders

# ---- runs.csv: arrays by run, since the other files name their run only ----

is_readable(name) = system(sprintf("test -s \"%s/%s\" && echo 1", results, name)) eq "1"
if (!is_readable("runs.csv")) missing = "no runs.csv in ".results
last_run = 0
remember_run(r) = (last_run = r > last_run ? int(r) : last_run, 1)
if (missing eq "") {
    stats results."/runs.csv" using (remember_run(column("run"))) nooutput
    if (last_run == 0) { missing = "no run has ended in ".results }
}
array mechanism_of[last_run + 1]
array groups_of[last_run + 1]
array faults_of[last_run + 1]
array configuration_of[last_run + 1]
array code_of[last_run + 1]
do for [r = 1:last_run + 1] {
    mechanism_of[r] = ""; groups_of[r] = 0; faults_of[r] = 0
    configuration_of[r] = ""; code_of[r] = ""
}
if (!exists("configuration")) configuration = ""
code = ""
describe(n) = sprintf("%s of %s-byte values, f = %s, %s operations per group (%s), %s, window %s, %s, %s", \
    strcol("structure"), strcol("value_bytes"), strcol("faults"), strcol("operations"), \
    strcol("mix"), strcol("order"), strcol("window"), strcol("transport"), strcol("launch")) \
    .(strcol("value_sizes") eq strcol("value_bytes") ? "" : ", sizes ".strcol("value_sizes")) \
    .(strcol("invalid") eq "0" ? "" : ", invalid ".strcol("invalid")) \
    .(strcol("target_size") eq "" ? "" : ", around ".strcol("target_size")." elements") \
    .(strcol("keys") eq "" ? "" : ", keys ".strcol("keys")) \
    .(strcol("positions") eq "" || strcol("positions") eq "uniform" ? "" : \
        ", positions ".strcol("positions"))
describe_code(n) = strcol("code") eq "" ? "" : sprintf("%s w = %s", strcol("code"), strcol("word_bits"))
choose(r) = (configuration = configuration eq "" ? configuration_of[r] : configuration, \
    code = code eq "" && configuration_of[r] eq configuration ? code_of[r] : code, 1)
keep_run(r) = strcol("valid") eq "true" ? (mechanism_of[r] = strcol("mechanism"), \
    groups_of[r] = int(column("groups")), faults_of[r] = int(column("faults")), \
    configuration_of[r] = describe(0), code_of[r] = describe_code(0), choose(r)) : 1
if (last_run > 0) {
    stats results."/runs.csv" using (keep_run(int(column("run")))) nooutput
    if (configuration eq "") { missing = "no valid run in ".results }
}

# Whether a row belongs to a drawn run of a mechanism.
is_drawn(r, mechanism) = r >= 1 && r <= last_run && mechanism_of[r] eq mechanism \
    && configuration_of[r] eq configuration && (code_of[r] eq "" || code_of[r] eq code)
groups(r) = r >= 1 && r <= last_run ? groups_of[r] : 0
# Nodes as the report counts them: primaries of fusion, replicas of replication.
replicas(r) = r >= 1 && r <= last_run ? groups_of[r] * (faults_of[r] + 1) : 0

# ---- swept settings in words: ", f = 2, window = 16" for the columns named ----

symbol(name) = name eq "groups" ? "n" : name eq "faults" ? "f" : name eq "word_bits" ? "w" : \
    name eq "value_sizes" ? "value size" : spaced(name)
spaced(name) = strstrt(name, "_") == 0 ? name : \
    spaced(name[1:strstrt(name, "_") - 1]." ".name[strstrt(name, "_") + 1:])
setting(name) = strcol(name) eq "" ? "" : is_digits(strcol(name), 1) ? \
    sprintf(", %s = %s", symbol(name), strcol(name)) : ", ".strcol(name)
is_digits(v, i) = i > strlen(v) ? 1 : strstrt("0123456789", v[i:i]) > 0 && is_digits(v, i + 1)
settings(names) = words(names) == 0 ? "" : \
    setting(word(names, 1)).settings(words(names) > 1 ? names[strstrt(names, " ") + 1:] : "")

# ---- lists: numbers in a string, sorted and without repetition ----

is_in(list, value) = strstrt(" ".list." ", sprintf(" %d ", value)) > 0
insert(list, value) = is_in(list, value) ? list : place(list, value, 1)
place(list, value, i) = i > words(list) ? list.sprintf(" %d", value) : \
    int(word(list, i)) > value ? before(list, i).sprintf(" %d ", value).behind(list, i) : \
    place(list, value, i + 1)
before(list, i) = i == 1 ? "" : before(list, i - 1)." ".word(list, i - 1)
behind(list, i) = i > words(list) ? "" : word(list, i)." ".behind(list, i + 1)

# ---- recovery times: medians in a data block, one block of lines for each number of nodes ----

# Writes to $medians: nodes, elements, median, in ns, of the recoveries of one role.
# In: mechanism, role. Out: node_counts and sizes (lists), $medians, is_recovery.
collect_recoveries = '\
    node_counts = ""; sizes = ""; cells = ""; is_recovery = 0; \
    if (is_readable("recovery.csv")) { \
        stats results."/recovery.csv" using (remember_recovery(int(column("run")), column("elements"))) nooutput \
    }; \
    if (is_recovery) { eval draw_table }'
nodes_drawn(r) = mechanism eq "fusion" ? groups(r) : replicas(r)
is_counted(r) = is_drawn(r, mechanism) && strcol("role") eq role && strcol("verified") eq "true"
remember_recovery(r, elements) = is_counted(r) ? (is_recovery = is_recovery + 1, \
    node_counts = insert(node_counts, nodes_drawn(r)), sizes = insert(sizes, elements), \
    cells = is_cell(nodes_drawn(r), elements) ? cells : cells.cell(nodes_drawn(r), elements), 1) : 1
cell(nodes, elements) = sprintf(" %d/%d ", nodes, elements)
is_cell(nodes, elements) = strstrt(cells, cell(nodes, elements)) > 0
draw_table = '\
    set table $recoveries; \
    plot results."/recovery.csv" using (nodes_drawn(int(column("run")))):(column("elements")):(column("recovery_ns")) \
        with table if (is_counted(int(column("run")))); \
    unset table; \
    set datafile separator whitespace; set datafile nocolumnheaders; \
    set print $medians; \
    do for [n in node_counts] { \
        do for [e in sizes] { \
            if (is_cell(int(n), int(e))) { \
                stats $recoveries using ($1 == n && $2 == e ? $3 : NaN) nooutput; \
                print sprintf("%s %s %.1f", n, e, STATS_median) \
            } \
        }; \
        print ""; print "" \
    }; \
    unset print; \
    set datafile separator comma; set datafile columnheaders'

# ---- appearance: Okabe and Ito's colours, which colour-blind people tell apart; every series has
# its own dashes and points too, for print in black and white ----

set linetype  1 lc rgb "#0072B2" lw 2 dt 1 pt 7 ps 0.8
set linetype  2 lc rgb "#D55E00" lw 2 dt (10, 4) pt 5 ps 0.8
set linetype  3 lc rgb "#009E73" lw 2 dt (4, 3) pt 9 ps 1.0
set linetype  4 lc rgb "#CC79A7" lw 2 dt (12, 4, 2, 4) pt 13 ps 1.0
set linetype  5 lc rgb "#E69F00" lw 2 dt (2, 3) pt 11 ps 1.0
set linetype  6 lc rgb "#000000" lw 2 dt 1 pt 6 ps 1.0
set linetype  7 lc rgb "#56B4E9" lw 2 dt (10, 4) pt 4 ps 1.0
set linetype  8 lc rgb "#0072B2" lw 2 dt (4, 3) pt 8 ps 1.0
set linetype  9 lc rgb "#D55E00" lw 2 dt (12, 4, 2, 4) pt 12 ps 1.0
set linetype 10 lc rgb "#009E73" lw 2 dt (2, 3) pt 10 ps 1.0
set linetype cycle 10

set border 3 lw 1
set tics nomirror out
set grid ytics lc rgb "#C8C8C8" lw 1 dt 1
set key outside right center reverse Left samplen 4 spacing 1.2 invert noenhanced
set xrange [0:*]
set yrange [0:*]
set xtics format "%.0f"
set tmargin at screen 0.86

# Chooses the terminal and puts the text in heading over the figure, the drawn settings below it.
# In: height, in pixels of a PNG.
height = 720
set_appearance = '\
    if (format eq "png") { set terminal pngcairo size 1200,height fontscale 1.3 linewidth 1.5 pointscale 1.5 background rgb "white" } \
    else { set terminal svg size 900,height * 0.75 dynamic font "sans-serif,14" background rgb "white" }; \
    set label 1 heading at screen 0.5, 0.955 center noenhanced font ",16"; \
    set label 2 configuration at screen 0.5, 0.905 center noenhanced font ",11" textcolor rgb "#505050"'

# Chooses a unit that suits the largest value, given in ns or bytes; sets unit_size and unit_name.
time_unit(largest) = (unit_size = largest >= 1e9 ? 1e9 : largest >= 1e6 ? 1e6 : 1e3, \
    unit_name = largest >= 1e9 ? "s" : largest >= 1e6 ? "ms" : "µs")
byte_unit(largest) = (unit_size = largest >= 1e9 ? 1e9 : largest >= 1e6 ? 1e6 : 1e3, \
    unit_name = largest >= 1e9 ? "GB" : largest >= 1e6 ? "MB" : "KB")

# Ends the script with a note when something was not there.
leave_if_missing = 'if (missing ne "") { printerr output.": left out, ".missing; exit status 3 }'
