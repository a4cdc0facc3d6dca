"""Readers: files to tables. Nothing else in the package opens a raw file."""
