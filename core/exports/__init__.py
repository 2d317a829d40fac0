"""What leaves in a file: columns declared once, a cover, and writers for CSV and XLSX.

Nothing here writes the audit trail: whoever starts an export records it.
"""

from core.exports.columns import Column, columns_values, displayed, with_progress
from core.exports.cover import Cover
from core.exports.csv_file import csv_chunks, csv_response, published_csv, write_csv
from core.exports.pack import MixedPolicies, write_published
from core.exports.text import clean, inert
from core.exports.xlsx_file import Sheet, xlsx_response, xlsx_stream

__all__ = [
    "Column",
    "Cover",
    "MixedPolicies",
    "Sheet",
    "clean",
    "columns_values",
    "csv_chunks",
    "csv_response",
    "displayed",
    "inert",
    "published_csv",
    "with_progress",
    "write_csv",
    "write_published",
    "xlsx_response",
    "xlsx_stream",
]
