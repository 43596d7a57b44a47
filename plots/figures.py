#!/usr/bin/env python3
"""Draws the figures of a results directory with pandas and matplotlib, from its CSV alone.

    python3 plots/figures.py DIR [FIGURE ...] [--output FOLDER] [--format svg] [--numbers]

Without the name of a figure, draws all for which the directory has data: those that gnuplot draws
with `crashbench plot`, under the same names. They go to DIR/figures-pandas. With --numbers nothing is
drawn, and the points go to standard output, separated by tabs: figure, panel, series, x, y, in ns and
bytes.

Exit status: 0; 1 where the directory cannot be read; 3 where a figure that was named has no data.
The versions that it needs stand in plots/requirements.txt.
"""

import argparse
import functools
import math
import os
import sys
from dataclasses import dataclass, field

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd

# Okabe and Ito's colours, which colour-blind people tell apart.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#000000", "#56B4E9"]
MARKERS = "osD^vPX*"
DASHES = ["-", "--", "-.", ":"]


class NoData(Exception):
    """What a figure draws is not there."""


@dataclass
class Series:
    name: str
    x: list
    y: list
    # Upper ends of whiskers, where the figure has some.
    high: list = None
    is_dashed: bool = False
    # Drawn as points without lines.
    is_cloud: bool = False
    colour: int = None


@dataclass
class Panel:
    title: str
    x_name: str
    # "ns", "bytes", or what stands at the axis.
    unit: str
    series: list
    x_unit: str = ""
    is_log_x: bool = False
    is_log_y: bool = False
    # Words that stand at x = 0, 1, 2 ...
    words: list = None
    # Where the axis has marks; None where the library chooses.
    ticks: list = None
    # Lines across, at places of x.
    marks: list = field(default_factory=list)


@dataclass
class Figure:
    heading: str
    panels: list
    columns: int = 1


class Results:
    """The CSV files of a directory: only valid runs and verified recoveries."""

    def __init__(self, directory):
        self.directory = directory

    def read(self, name):
        path = os.path.join(self.directory, name)
        if not os.path.exists(path) or os.path.getsize(path) == 0:
            raise NoData(f"no {name} in {self.directory}")
        # The mechanism without backups is called none, which is not an empty field.
        return pd.read_csv(path, keep_default_na=False, na_values=[""])

    @functools.cached_property
    def runs(self):
        runs = self.read("runs.csv")
        valid = runs[runs["valid"].astype(str).str.lower() == "true"]
        if valid.empty:
            raise NoData(f"no valid run in {self.directory}")
        return valid

    def of_runs(self, name):
        """The rows of a file with the settings of their runs."""
        rows = self.read(name)
        return rows.merge(self.runs, on="run", suffixes=("", "_of_run"))

    @functools.cached_property
    def recoveries(self):
        rows = self.of_runs("recovery.csv")
        return rows[rows["verified"].astype(str).str.lower() == "true"]

    @functools.cached_property
    def summary(self):
        rows = self.read("summary.csv")
        if rows.empty:
            raise NoData(f"no statistics in {self.directory}/summary.csv")
        return rows

    # What the report's figures keep the same.
    SHARED = [
        "structure", "value_bytes", "faults", "operations", "mix", "order", "window", "transport",
        "launch", "value_sizes", "invalid", "target_size", "keys", "positions",
    ]

    def first_configuration(self, rows):
        """The rows with the settings of the first valid run; groups and mechanisms differ."""
        first = self.runs.iloc[0]
        for name in self.SHARED:
            column = f"{name}_of_run" if f"{name}_of_run" in rows else name
            if pd.notna(first[name]):
                rows = rows[rows[column] == first[name]]
        codes = rows["code"].dropna()
        if not codes.empty:
            words = rows[rows["code"] == codes.iloc[0]]["word_bits"].iloc[0]
            rows = rows[
                rows["code"].isna()
                | ((rows["code"] == codes.iloc[0]) & (rows["word_bits"] == words))
            ]
        return rows

    def swept(self):
        """The settings in which configurations of one mechanism differ, as columns of summary.csv.
        One that only follows from those before it is none."""
        fixed = {"mechanism", "nodes", "value_bytes", "experiment"}
        names = [c for c in self.runs.columns if c in self.summary.columns and c not in fixed]
        chosen = []

        def distinct(columns):
            return len(self.summary[["mechanism"] + columns].drop_duplicates())

        for name in names:
            if distinct(chosen + [name]) > distinct(chosen):
                chosen.append(name)
        return chosen

    def horizontal(self):
        """The swept setting with the most values, numbers first, which is drawn from left to right."""
        column = self.summary.get
        return max(
            self.swept(), default=None,
            key=lambda name: (column(name).nunique(), is_numeric(column(name))))


def is_numeric(values):
    return pd.to_numeric(values.dropna(), errors="coerce").notna().all()


def symbol(column):
    letters = {"groups": "n", "faults": "f", "word_bits": "w", "value_sizes": "value size"}
    return letters.get(column, column.replace("_", " "))


def text(value):
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def series_name(row, columns):
    parts = [row["mechanism"]]
    for column in columns:
        if pd.notna(row[column]):
            value = text(row[column])
            parts.append(f"{symbol(column)} = {value}" if value.isdigit() else value)
    return ", ".join(parts)


# ---- Boyd's figures ----


def nodes(rows):
    """Nodes as the report counts them: primaries of fusion, replicas of replication."""
    return rows["groups"].where(
        rows["mechanism"] == "fusion", rows["groups"] * (rows["faults"] + 1)
    )


def space(results):
    rows = results.first_configuration(results.of_runs("space.csv"))
    rows = rows.assign(nodes=nodes(rows))
    # Of all nodes together, averaged over repetitions.
    by_run = rows.groupby(["mechanism", "role", "nodes", "run", "operations"])
    sums = by_run[["total_bytes", "payload_bytes"]].sum().reset_index()
    means = sums.groupby(["mechanism", "role", "nodes", "operations"]).mean(numeric_only=True)
    return means.reset_index()


def figure_07(results):
    rows = space(results)
    series = []
    fusion = rows[(rows["mechanism"] == "fusion") & (rows["role"] == "backup")]
    if not fusion.empty:
        most = fusion[fusion["nodes"] == fusion["nodes"].max()]
        x = list(most["operations"])
        series.append(Series("fusion, with index", x, list(most["total_bytes"])))
        series.append(Series("fusion, code words only", x, list(most["payload_bytes"])))
    replicas = rows[(rows["mechanism"] == "replication") & (rows["role"] == "replica")]
    for count, part in replicas.groupby("nodes"):
        series.append(
            Series(
                f"replication, {count} nodes", list(part["operations"]),
                list(part["total_bytes"]),
            )
        )
    if not series:
        raise NoData("no space of a replica or a fused backup")
    panel = Panel("", "Updates of each group", "bytes", series)
    return Figure("Figure 7: Space of the backups, by elements", [panel])


def recovery_medians(results, mechanism, role):
    """Medians of recovery_ns by nodes and elements."""
    rows = results.first_configuration(results.recoveries)
    rows = rows[(rows["mechanism"] == mechanism) & (rows["role"] == role)]
    if rows.empty:
        raise NoData(f"no verified recovery of a {role} of {mechanism}")
    rows = rows.assign(nodes=nodes(rows))
    return rows.groupby(["nodes", "elements"])["recovery_ns"].median().reset_index()


def by_nodes(medians, name):
    return [
        Series(name(count), list(part["elements"]), list(part["recovery_ns"]))
        for count, part in medians.groupby("nodes")
    ]


def groups_name(count):
    return f"fusion, {count} group" + ("" if count == 1 else "s")


def elements_panel(series, is_log_y=False):
    return Panel("", "Elements of the data structure", "ns", series, is_log_y=is_log_y)


def figure_08(results):
    medians = recovery_medians(results, "replication", "replica")
    series = by_nodes(medians, lambda count: f"replication, {count} nodes")
    return Figure(
        "Figure 8: Recovery time of a replica, by elements", [elements_panel(series)])


def figure_09(results):
    series = by_nodes(recovery_medians(results, "fusion", "primary"), groups_name)
    return Figure(
        "Figure 9: Recovery time of a primary under fusion, by elements",
        [elements_panel(series)])


def figure_10(results):
    medians = recovery_medians(results, "fusion", "primary")
    sizes = sorted(medians["elements"].unique())
    # At most ten, evenly chosen, and always the largest.
    shown = sizes[::-1][:: (len(sizes) + 9) // 10][::-1]
    series = []
    for size in shown:
        part = medians[medians["elements"] == size]
        series.append(
            Series(f"{size} elements", list(part["nodes"]), list(part["recovery_ns"])))
    panel = Panel("", "Primaries (groups)", "ns", series)
    return Figure(
        "Figure 10: Recovery time of a primary under fusion, by number of nodes", [panel])


def side_by_side(results, is_log_y):
    mean = recovery_medians(results, "replication", "replica").groupby("elements")
    mean = mean["recovery_ns"].mean()
    series = [Series("replication, mean", list(mean.index), list(mean))]
    series += by_nodes(recovery_medians(results, "fusion", "primary"), groups_name)
    return [elements_panel(series, is_log_y)]


def figure_11(results):
    return Figure(
        "Figure 11: Recovery time side by side, by elements", side_by_side(results, False))


def figure_12(results):
    return Figure(
        "Figure 12: Recovery time side by side, by elements (log scale)",
        side_by_side(results, True))


# ---- what experiments sweep ----


def named(rows, columns):
    return rows.assign(name=rows.apply(lambda row: series_name(row, columns), axis=1))


def sweep(results):
    swept = results.swept()
    if not swept:
        raise NoData("the experiment sweeps nothing")
    x = results.horizontal()
    rows = named(results.summary, [c for c in swept if c != x])
    numeric = is_numeric(rows[x])
    words = None if numeric else list(dict.fromkeys(rows[x].dropna().map(text)))
    places = sorted(rows[x].dropna().unique()) if numeric else list(range(len(words)))
    is_log_x = numeric and places[0] > 0 and places[-1] / places[0] >= 10
    panels = []
    for title, metric, whisker, unit in [
        ("Update time, median", "backup_ns", "p99", "ns"),
        ("Backup space at the end", "final_backup_bytes", None, "bytes"),
        ("Recovery time, median", "recovery_ns", "p95", "ns"),
    ]:
        series = []
        part = rows[rows["metric"] == metric]
        order = list(dict.fromkeys(part["name"]))
        for (name, is_backup), lines in part.groupby(
            [part["name"], part["role"].eq("backup")], sort=False
        ):
            # A mechanism without the setting stands everywhere.
            everywhere = lines[x].isna().any()
            lines = lines.sort_values(x) if numeric else lines
            at = lines[x] if numeric else lines[x].map(lambda v: words.index(text(v)), "ignore")
            pick = (lambda c: [lines[c].iloc[0]] * len(places) if everywhere else list(lines[c]))
            series.append(
                Series(
                    name + (": a fused backup" if is_backup else ""),
                    places if everywhere else list(at), pick("median"),
                    pick(whisker) if whisker else None, is_dashed=is_backup,
                    colour=order.index(name),
                )
            )
        lows = [y for one in series for y in one.y if y > 0]
        spread = max(lows) / min(lows) if lows else 1
        panels.append(
            Panel(
                title, symbol(x), unit, series, is_log_x=is_log_x, is_log_y=spread >= 20,
                words=words, ticks=places if numeric and len(places) <= 12 else None,
            )
        )
    experiment = results.summary["experiment"].iloc[0]
    return Figure(
        f"{experiment}: what updates, backups and recoveries cost, by {symbol(x)}", panels,
        columns=3)


def spans(results):
    titles = {
        "local_ns": "until it goes out",
        "proposal_ns": "until all have proposed",
        "acknowledgement_ns": "until all have acknowledged",
        "holdback_ns": "held back by a member",
    }
    rows = results.summary[results.summary["metric"].isin(titles)]
    if rows.empty:
        raise NoData("no span of an update in summary.csv")
    rows = named(rows, results.swept())
    words = list(dict.fromkeys(rows["name"]))
    series = []
    for metric, part in rows.groupby("metric", sort=False):
        series.append(
            Series(
                titles[metric], [words.index(name) for name in part["name"]],
                list(part["median"]), list(part["p999"]), is_cloud=True,
            )
        )
    panel = Panel(
        "median, and up to p99.9", "", "ns", series, is_log_y=True, words=words)
    return Figure("Where the time of an update goes", [panel])


def saturation(results):
    rows = results.summary
    rows = rows[rows["rate"].notna()] if "rate" in rows else rows[:0]
    rows = named(rows, [c for c in results.swept() if c != "rate"]) if len(rows) else rows
    if rows.empty:
        raise NoData("no rate in summary.csv")
    series = []
    for name, part in rows.groupby("name", sort=False):
        times = part[part["metric"] == "backup_ns"].set_index("rate")
        rates = part[part["metric"] == "updates_per_second"].set_index("rate")["median"]
        times = times.loc[[rate for rate in times.index if rate in rates.index]]
        series.append(
            Series(
                name, [rates[rate] for rate in times.index], list(times["median"]),
                list(times["p99"]),
            )
        )
    panel = Panel(
        "median, and up to p99, from when an update was due",
        "Updates complete per second, all groups", "ns", series, is_log_y=True)
    return Figure("Latency against throughput", [panel])


def recovery_under_load(results):
    rows = results.recoveries
    if "updates_meanwhile" not in rows or rows["updates_meanwhile"].isna().all():
        raise NoData("no updates went on during a recovery")
    rows = rows[rows["updates_meanwhile"].notna()]
    firsts = rows.drop_duplicates(["mechanism", "role"]).head(6)
    updates = results.read("updates.csv")
    ends = updates["began_ns"] + updates["backup_ns"]
    if "wait_ns" in updates:
        ends -= updates["wait_ns"].fillna(0)
    longest = firsts["redundancy_ns"].max()
    panels = []
    for _, crash in firsts.iterrows():
        at = ends - crash["crashed_ns"]
        part = (updates["run"] == crash["run"]) & at.between(-0.5 * longest, 2.5 * longest)
        panels.append(
            Panel(
                f"{crash['mechanism']}: {crash['role']} crashes", "Time from the SIGKILL", "ns",
                [
                    Series(
                        "an update, when it was complete", list(at[part]),
                        list(updates["backup_ns"][part]), is_cloud=True,
                    )
                ],
                x_unit="ns", is_log_y=True, marks=[0, crash["redundancy_ns"]],
            )
        )
    return Figure("Updates around a crash", panels)


def scale(results):
    rows = results.summary[results.summary["launch"] == "simulated"]
    rows = rows[rows["role"] != "backup"]
    if rows["groups"].nunique() < 2:
        raise NoData("no simulated runs of several numbers of groups")
    networks = list(dict.fromkeys(rows["transport"]))
    mechanisms = list(dict.fromkeys(rows["mechanism"]))
    faults = sorted({rows["faults"].min(), rows["faults"].max()})
    panels = []
    for metric, title, unit in [
        ("backup_ns", "update", "ns"), ("recovery_ns", "recovery", "ns"),
        ("recovery_bytes", "bytes of a recovery", "bytes"),
        ("final_backup_bytes", "bytes of all backups", "bytes"),
    ]:
        for network in networks:
            series = []
            for mechanism in mechanisms:
                for count in faults:
                    part = rows[
                        (rows["metric"] == metric) & (rows["transport"] == network)
                        & (rows["mechanism"] == mechanism) & (rows["faults"] == count)
                    ].sort_values("groups")
                    series.append(
                        Series(
                            f"{mechanism}, f = {count}", list(part["groups"]),
                            list(part["median"]), is_dashed=count != faults[0],
                            colour=mechanisms.index(mechanism),
                        )
                    )
            panels.append(
                Panel(f"{title}, {network}", "n", unit, series, is_log_x=True, is_log_y=True))
    return Figure("What n groups cost, in virtual time", panels, columns=len(networks))


FIGURES = {
    "sweep": sweep,
    "scale": scale,
    "saturation": saturation,
    "spans": spans,
    "recovery-under-load": recovery_under_load,
    "figure-07": figure_07,
    "figure-08": figure_08,
    "figure-09": figure_09,
    "figure-10": figure_10,
    "figure-11": figure_11,
    "figure-12": figure_12,
}


def names_for(results):
    """The figures that suit the directory; the report's where nothing but the groups is swept."""
    swept = results.swept()
    unfit = set()
    if "rate" not in swept:
        unfit.add("saturation")
    if results.horizontal() != "groups":
        unfit.add("scale")
    if not set(swept) <= {"groups"}:
        unfit |= {name for name in FIGURES if name.startswith("figure")}
    return [name for name in FIGURES if name not in unfit]


# ---- drawing ----


def scaled(unit, largest):
    """The size and the name of a unit that suits the largest value."""
    names = {"ns": ["µs", "ms", "s"], "bytes": ["KB", "MB", "GB"]}.get(unit)
    if not names:
        return 1, unit
    step = 2 if largest >= 1e9 else 1 if largest >= 1e6 else 0
    return 1000 ** (step + 1), names[step]


def draw_panel(panel, axes):
    largest = max((y for one in panel.series for y in one.y), default=0)
    size, unit = scaled(panel.unit, largest)
    x_largest = max((abs(x) for one in panel.series for x in one.x), default=0)
    x_size, x_unit = scaled(panel.x_unit, x_largest)
    for index, one in enumerate(panel.series):
        # Clouds over words stand side by side.
        shift = 0.15 * (index - (len(panel.series) - 1) / 2)
        shift = shift if one.is_cloud and panel.words else 0
        index = index if one.colour is None else one.colour
        x = [value / x_size + shift for value in one.x]
        y = [value / size for value in one.y]
        look = {
            "color": COLOURS[index % len(COLOURS)],
            "marker": MARKERS[index % len(MARKERS)],
            "markersize": 4,
            "linestyle": "" if one.is_cloud
            else "--" if one.is_dashed else DASHES[index // len(COLOURS) % len(DASHES)],
            "label": one.name,
        }
        if one.high:
            up = [max(0, high / size - value) for high, value in zip(one.high, y)]
            axes.errorbar(x, y, yerr=[[0] * len(y), up], capsize=2, elinewidth=0.8, **look)
        else:
            axes.plot(x, y, **look)
    for mark in panel.marks:
        axes.axvline(mark / x_size, color="#000000", linestyle=":", linewidth=1)
    if panel.is_log_x:
        axes.set_xscale("log")
    if panel.is_log_y:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    if panel.words:
        axes.set_xticks(range(len(panel.words)), panel.words, rotation=30, ha="right")
    if panel.ticks:
        axes.set_xticks(panel.ticks, [text(tick) for tick in panel.ticks])
        axes.minorticks_off()
    axes.set_title(panel.title, fontsize=10)
    axes.set_xlabel(panel.x_name + (f" ({x_unit})" if x_unit else ""))
    axes.set_ylabel(unit)
    axes.grid(axis="y", color="#C8C8C8")
    axes.spines[["top", "right"]].set_visible(False)


def draw(figure, path):
    rows = math.ceil(len(figure.panels) / figure.columns)
    width = 6 if figure.columns == 1 else 4
    canvas, axes = plt.subplots(
        rows, figure.columns, squeeze=False, figsize=(width * figure.columns + 3, 3.2 * rows + 0.8))
    for panel, place in zip(figure.panels, axes.flat):
        draw_panel(panel, place)
    labels = {}
    for place in axes.flat:
        for handle, label in zip(*place.get_legend_handles_labels()):
            labels.setdefault(label, handle)
    canvas.suptitle(figure.heading)
    canvas.legend(
        labels.values(), labels.keys(), loc="center left", bbox_to_anchor=(1, 0.5), fontsize=8)
    canvas.tight_layout()
    canvas.savefig(path, bbox_inches="tight", dpi=120)
    plt.close(canvas)


def points(name, figure):
    return [
        (name, panel.title, one.name, x, y)
        for panel in figure.panels
        for one in panel.series
        for x, y in zip(one.x, one.y)
    ]


def main():
    parser = argparse.ArgumentParser(
        description="Draws the figures of a results directory from its CSV alone.")
    parser.add_argument("directory", metavar="DIR")
    parser.add_argument("figures", metavar="FIGURE", nargs="*", help=", ".join(FIGURES))
    parser.add_argument("--output", metavar="FOLDER", help="default: DIR/figures-pandas")
    parser.add_argument("--format", choices=["png", "svg", "pdf"], default="png")
    parser.add_argument("--numbers", action="store_true", help="print the points, draw nothing")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.figures if name not in FIGURES]
    if unknown:
        parser.error(f"there is no figure {unknown[0]}; there are {', '.join(FIGURES)}")

    results = Results(arguments.directory)
    try:
        names = arguments.figures or names_for(results)
    except NoData as reason:
        print(f"Nothing to draw: {reason}.", file=sys.stderr)
        return 1
    folder = arguments.output or os.path.join(arguments.directory, "figures-pandas")
    numbers = []
    status = 0
    for name in names:
        try:
            figure = FIGURES[name](results)
        except NoData as reason:
            # Only who asked for it wants to know.
            if arguments.figures:
                print(f"{name}: left out, {reason}.", file=sys.stderr)
                status = 3
            continue
        if arguments.numbers:
            numbers += points(name, figure)
            continue
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, f"{name}.{arguments.format}")
        draw(figure, path)
        print(f"Drawn: {path}")
    if arguments.numbers:
        columns = ["figure", "panel", "series", "x", "y"]
        pd.DataFrame(numbers, columns=columns).to_csv(
            sys.stdout, index=False, sep="\t")
    return status


if __name__ == "__main__":
    sys.exit(main())
