"""Fuzzing of all readers, of study.yml, tables and parameters: files that somebody broke, on purpose or not."""
