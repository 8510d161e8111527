"""Conflict-event coding of news articles in Arabic and English."""
