"""Sentiment taught by the user's own labels: trained, compared with what is in force, promoted only where it is better.

A model that was trained on labels is a version: its files lie in the home's `files`, its run and figures in the record
of models. The version in force is a line in `sentiment/state.json`, so that callers find it without that record.
"""
