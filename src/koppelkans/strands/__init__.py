"""The strands of the study: what was published on each, made into tidy tables (DataFrame in, DataFrame out)."""
