"""From coded articles to a released dataset: tables, validation, building, storing."""
