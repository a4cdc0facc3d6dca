"""Run `koppelkans` as `python -m koppelkans`."""

from koppelkans.commands.main import main

if __name__ == "__main__":
    main()
