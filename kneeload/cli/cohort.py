"""Commands on many runners: cohort evaluate and partition, and simulate cohort."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kneeload.cli.app import write_private
from kneeload.cli.output import options
from kneeload.cli.usage_errors import Existing, needs_extra

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_TABLE = Existing(path_type=Path, exists=True)
_OUT = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_PAGE_HELP = "File to write the page to."
_FOLDER_HELP = "Folder to write to."


@click.group(epilog="Example: kneeload cohort evaluate runs.csv injuries.csv")
def cohort() -> None:
    """Test every rule on the runs and injuries of many runners."""


_layout_options = options(
    click.option(
        "--date-format", metavar="FORMAT", help="How dates are written, such as %d/%m/%Y."
    ),
    click.option(
        "--runner",
        metavar="COLUMN",
        help="Name of the column that identifies the runner, in both tables.",
    ),
    click.option("--date", metavar="COLUMN", help="Name of the column with the date of the run."),
    click.option(
        "--distance",
        metavar="COLUMN",
        help="Name of the column with the distance of the run, in km.",
    ),
    click.option(
        "--injury-date", metavar="COLUMN", help="Name of the column with the date of the injury."
    ),
    click.option(
        "--site-column",
        metavar="COLUMN",
        help="Name of the column that says where in the body the injury is.",
    ),
)
"""What the tables call their columns."""


def _tables(
    runs: Path, injuries: Path, chosen: Mapping[str, str | None]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both tables, laid out as was said on the command line."""
    from kneeload.cohort.tables import Layout, read_injuries, read_runs

    columns = {
        "date": "local_date",
        "distance": "distance_km",
        "injury_date": "date",
        "site_column": "site",
    }
    layout = Layout(**{columns.get(name, name): text for name, text in chosen.items() if text})
    return read_runs(runs, layout), read_injuries(injuries, layout=layout)


@cohort.command(epilog="Example: kneeload cohort evaluate runs.csv injuries.csv --site knee")
@click.argument("runs", type=_TABLE)
@click.argument("injuries", type=_TABLE)
@click.option(
    "-o", "--output", type=_OUT, default="cohort.html", show_default=True, help=_PAGE_HELP
)
@click.option(
    "--results", type=_OUT, help="Also write every number to one file in Parquet, a table format."
)
@click.option(
    "--sessions",
    type=_FOLDER,
    help="Also write all runs as Parquet files (a table format); needs --workers.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="How many processes to run at once, if RUNS is a folder that `kneeload cohort partition` "
    "wrote.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Use a cluster of computers instead of --workers. ADDRESS is the address of its Dask "
    "scheduler, the program that hands out the work.",
)
@click.option(
    "--site",
    metavar="WORD",
    default="",
    help="Count only injuries in this part of the body, such as knee.",
)
@_layout_options
def evaluate(
    runs: Path,
    injuries: Path,
    output: Path,
    results: Path | None,
    sessions: Path | None,
    workers: int | None,
    cluster: str | None,
    site: str,
    **named: str | None,
) -> None:
    """Test every rule and every measure of load; write one page.

    The table RUNS has the columns runner, local_date or started_at, and distance_km. The table
    INJURIES has the columns runner and date. Both are CSV or Parquet files. If your columns have
    other names, name them: --runner athlete_id --date day --date-format %d/%m/%Y.
    """
    if (site or any(named.values())) and (workers or cluster):
        raise click.UsageError(
            "with --workers, give column names to `kneeload cohort partition`, and leave out --site"
        )
    if sessions and not (workers or cluster):
        raise click.UsageError("--sessions needs --workers or --cluster")
    with needs_extra("cluster" if workers or cluster else "cohort"):
        table = (
            _on_workers(runs, injuries, workers or 1, cluster, sessions)
            if workers or cluster
            else _here(runs, injuries, site, named)
        )
        if results:
            table.to_parquet(results, index=False)
    _write_page(table, output, site)


def _here(runs: Path, injuries: Path, site: str, named: Mapping[str, str | None]) -> pd.DataFrame:
    from kneeload.cohort import Study
    from kneeload.cohort import evaluate as evaluated

    return evaluated(*_tables(runs, injuries, named), study=Study(site=site))


def _on_workers(
    runs: Path, injuries: Path, workers: int, address: str | None, sessions: Path | None
) -> pd.DataFrame:
    """Evaluate by partitions, with a bar that shows how many are done."""
    from distributed import progress

    from kneeload.cohort.cluster import evaluate_partitions

    return evaluate_partitions(
        runs, injuries, workers=workers, address=address, sessions=sessions, watch=progress
    )


def _write_page(table: pd.DataFrame, output: Path, site: str = "") -> None:
    from kneeload.cohort import Study, page

    write_private(output, page.render(table, Study(site=site)))
    click.echo(str(output))


@cohort.command(epilog="Example: kneeload cohort partition runs.csv injuries.csv -o parts")
@click.argument("runs", type=_TABLE)
@click.argument("injuries", type=_TABLE)
@click.option("-o", "--output", type=_FOLDER, required=True, help=_FOLDER_HELP)
@click.option(
    "--runners",
    type=click.IntRange(1),
    default=5000,
    show_default=True,
    help="How many runners to put into one file.",
)
@_layout_options
def partition(runs: Path, injuries: Path, output: Path, runners: int, **named: str | None) -> None:
    """Split both tables into files for several processes.

    The files are in Parquet, a table format. `kneeload cohort evaluate` reads them with --workers
    or --cluster. Each runner's data is in one file only.
    """
    with needs_extra("cohort"):
        from kneeload.cohort.partitions import write

        count = write(*_tables(runs, injuries, named), output, at_once=runners)
    click.echo(f"{count} partitions in {output}")


@cohort.command(epilog="Example: kneeload cohort lovdal day_approach_maskedID_timeseries.csv")
@click.argument("table", type=_TABLE)
@click.option(
    "-o", "--output", type=_OUT, default="lovdal.html", show_default=True, help=_PAGE_HELP
)
def lovdal(table: Path, output: Path) -> None:
    """Evaluate measures of load with the data that Lövdal published.

    S. Lövdal and others published the training of 74 runners. Each row of their tables stands for
    one day of one runner: the training before it, and whether there was an injury that day. TABLE
    is one of the two files that they published. In one, a row describes the last seven days; in
    the other, the last three weeks.
    """
    with needs_extra("cohort"):
        from kneeload.cohort.lovdal import evaluate_lovdal, read_lovdal

        results = evaluate_lovdal(read_lovdal(table))
    _write_page(results, output)


@click.group(epilog="Example: kneeload simulate cohort -o invented")
def simulate() -> None:
    """Simulate runners to test a method on.

    You choose how their load and their injuries are linked.
    """


def _effects(
    _ctx: click.Context, _param: click.Parameter, texts: tuple[str, ...]
) -> Mapping[str, float]:
    """Read ``session_spike.large=2.28``."""
    if not texts:
        return {}
    with needs_extra("cohort"):
        from kneeload.simulate.cohort import EFFECTS
    effects = {}
    for text in texts:
        name, _, ratio = text.partition("=")
        try:
            effects[name] = float(ratio)
        except ValueError:
            raise click.BadParameter(
                f"{text!r} does not look like session_spike.large=2.28"
            ) from None
        if name not in EFFECTS or not effects[name] > 0:
            raise click.BadParameter(
                f"{text!r}: choose one of {', '.join(EFFECTS)}, with a ratio above 0"
            )
    return effects


@simulate.command("cohort", epilog="Example: kneeload simulate cohort -o invented --runners 500")
@click.option("-o", "--output", type=_FOLDER, required=True, help=_FOLDER_HELP)
@click.option(
    "--runners",
    type=click.IntRange(1),
    default=500,
    show_default=True,
    help="How many runners to simulate.",
)
@click.option(
    "--effect",
    "effects",
    multiple=True,
    callback=_effects,
    metavar="STATE=RATIO",
    help="Multiply the injury rate of one load state, such as session_spike.large, by RATIO; "
    "repeat the option for more states.",
)
@click.option(
    "--backs-off",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="The share of injuries with early signs. The runner then runs less before reporting the "
    "injury.",
)
@click.option(
    "--lost",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Share of runs to leave out of the table.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Any whole number; the same number always gives the same runners.",
)
@click.option(
    "--parquet",
    is_flag=True,
    help="Write Parquet files (a table format) in several parts, which suits large numbers of "
    "runners.",
)
def invented(
    output: Path,
    runners: int,
    effects: Mapping[str, float],
    backs_off: float,
    lost: float,
    seed: int,
    parquet: bool,
) -> None:
    """Write the runs and injuries of simulated runners.

    With --effect session_spike.large=2.28, a large jump in the length of a run (a spike) makes
    injuries 2.28 times as frequent.
    """
    with needs_extra("cohort"):
        from kneeload.simulate.cohort import Plan, write

        plan = Plan(runners=runners, effects=effects, backs_off=backs_off, lost_runs=lost)
        write(output, plan, seed, parquet=parquet)
    click.echo(f"{runners} runners in {output}")
