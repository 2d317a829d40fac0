"""Fetching the DfE's files by itself: where they are, getting them, and what came of it."""
