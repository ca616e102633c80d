"""marketmover: learns from campaign history, plans the next campaign, proves whether it helped."""

__version__ = "0.1.0"
