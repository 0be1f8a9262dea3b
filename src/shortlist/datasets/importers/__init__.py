"""Outside formats -> facts: read, checked, and kept whole or not at all.

A reader turns a file into batches of text with line numbers (`delimited`, `json_lines`,
`parquet`); a shape turns those into events, items or users and names what is wrong (`event_table`,
`item_table`, `user_table`); a run writes them in one transaction (`run`). `tables`, `movielens`
and `movietweetings` put the three together for a format.
"""
