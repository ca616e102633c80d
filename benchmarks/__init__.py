"""Measured claims: accuracy against known truth or a peer, speed against a peer or a limit, in the same run."""
