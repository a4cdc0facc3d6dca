"""Kernels that start warm: forked from a process that has imported what notebooks import."""
