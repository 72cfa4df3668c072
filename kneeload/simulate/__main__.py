"""``python -m kneeload.simulate``: write invented runners' files."""

from __future__ import annotations

from pathlib import Path

import click

from kneeload.errors import KneeloadError


@click.group()
def main() -> None:
    """Write the files of runners who do not exist."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def samples(folder: Path) -> None:
    """Write sample_activities/ again, its README apart.

    Example: python -m kneeload.simulate samples sample_activities
    """
    from kneeload.simulate.folder import write

    click.echo(f"{write(folder)} files in {folder}")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--fit", default=1000, show_default=True, type=click.IntRange(0))
@click.option("--gpx", default=0, show_default=True, type=click.IntRange(0))
@click.option("--seed", default=0, show_default=True)
@click.option("--every", default=1, show_default=True, help="Seconds between records.")
def archive(folder: Path, fit: int, gpx: int, seed: int, every: int) -> None:
    """Write years of one runner's files, the newest last, for benchmarks.

    Example: python -m kneeload.simulate archive /tmp/archive --fit 900 --gpx 100
    """
    from kneeload.simulate.archive import write

    written = write(folder, fit_files=fit, gpx_files=gpx, seed=seed, every_s=every)
    click.echo(f"{written} files in {folder}")


def run() -> None:
    """Run the command; what went wrong is one line."""
    try:
        main()
    except KneeloadError as error:
        raise SystemExit(f"Error: {error}") from error


if __name__ == "__main__":
    run()
