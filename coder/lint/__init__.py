"""Holding the knowledge to what it says of itself: shape, references, examples and form of every entry."""
