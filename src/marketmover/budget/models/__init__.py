"""Algorithms of response and allocation: arrays in, arrays out, one file each."""
