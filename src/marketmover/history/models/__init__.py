"""Checks on arrays of lines and days: gaps, outliers, correlations."""
