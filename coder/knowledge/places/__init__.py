"""The gazetteer: places, their names in each language, and what lies in what."""
