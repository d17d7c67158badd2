"""Bulk Read: jobs that take their time, results as zipped CSV."""
