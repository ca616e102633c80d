"""The ad platforms' APIs over a simulated market."""
