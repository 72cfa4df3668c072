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
    try:
        from kneeload.simulate.folder import write
    except KneeloadError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{write(folder)} files in {folder}")


if __name__ == "__main__":
    main()
