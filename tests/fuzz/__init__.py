"""Hostile input for every part that reads foreign text; `run.py` says how to run it."""
