"""The mechanisms of the simulated market, one a file: arrays in, arrays out."""
