"""Outside systems, one folder each: ad platforms and ways to tell people."""
