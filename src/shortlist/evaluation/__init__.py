"""A log -> numbers, tables and a page: trained on its past, asked about its future."""
