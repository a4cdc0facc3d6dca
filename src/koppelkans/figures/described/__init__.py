"""Long descriptions: what a figure shows, row by row, for who cannot see it or wants to look something up.

Each function takes what its figure was drawn from and returns the lines of a Markdown list, nested by indents of two
spaces. A module for each group of figures, so that a change makes stale only what it bears on.
"""
