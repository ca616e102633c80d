"""The detector's parts: one state for any series, arrays in, arrays out; no store, no web, no settings."""
