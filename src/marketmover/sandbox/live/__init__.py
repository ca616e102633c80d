"""Live windows of a simulated market: what happens after the history, day by day, with troubles whose truth is known.

All of it is simulated. `start_live` begins a window on a plan, `Live.export` writes a day's pull of the platforms' own
files, `Live.apply` changes what runs from the next day on, and `Live.outcome` tells what was really earned.
"""
