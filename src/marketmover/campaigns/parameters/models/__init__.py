"""The statistics of campaign parameters: arrays in, arrays out."""
