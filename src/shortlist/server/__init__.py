"""Processes that listen: the API and the pages on one port, administration beside them."""
