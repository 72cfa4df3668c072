"""``python -m kneeload``: the command line, where its folder is not on the path."""

from kneeload.cli import main

if __name__ == "__main__":
    main()
