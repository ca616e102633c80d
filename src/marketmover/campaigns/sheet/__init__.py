"""A plan's split as a sheet: CSV for programs, XLSX for people, both safe to open."""

from marketmover.campaigns.sheet.files import split_csv, split_files, split_xlsx, write_split

__all__ = ["split_csv", "split_files", "split_xlsx", "write_split"]
