"""The algorithms of an experiment: one a file, arrays in, arrays out."""
