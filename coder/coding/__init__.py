"""(Article, Knowledge) → claims. Pure: no file, clock, network or process."""
