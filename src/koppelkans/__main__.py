"""Run `koppelkans` as `python -m koppelkans`."""

from koppelkans.cli import main

if __name__ == "__main__":
    main()
