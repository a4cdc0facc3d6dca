"""A neighbourhood that is made up, with a truth that is stated: for students, for tests, for trying things out.

`truth` says what is put in; `people`, `talk`, `coders` and `answers` draw from it with a seed; `write` makes the files
of a study of it, in the formats that field data come in. Nothing here reads data of anybody, and all of it is marked
synthetic.
"""
