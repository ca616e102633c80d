"""Reading exports: files found, told apart by their first bytes, and their rows staged as typed columns in DuckDB."""
