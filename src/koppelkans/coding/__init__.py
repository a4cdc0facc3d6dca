"""Coded text: the code tree, frequencies, framework matrix, co-occurrence, saturation, codebook and agreement."""
