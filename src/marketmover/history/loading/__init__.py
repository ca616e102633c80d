"""From the lake to the panel: aggregated there, then arrays."""
