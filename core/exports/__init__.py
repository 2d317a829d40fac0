"""What leaves in a file: columns declared once, a cover, and writers for CSV and XLSX.

Nothing here writes the audit trail: whoever starts an export records it.
"""

from core.exports.columns import Column, columns_values, displayed, with_progress
from core.exports.cover import Cover, in_rows
from core.exports.csv_file import csv_chunks, csv_response, published_csv, write_csv
from core.exports.formats import FORMATS, file_response, format_in, write_file
from core.exports.pack import MixedPolicies, write_published
from core.exports.text import clean, file_name, inert
from core.exports.xlsx_file import Sheet, xlsx_response, xlsx_stream

__all__ = [
    "FORMATS",
    "Column",
    "Cover",
    "MixedPolicies",
    "Sheet",
    "clean",
    "columns_values",
    "csv_chunks",
    "csv_response",
    "displayed",
    "file_name",
    "file_response",
    "format_in",
    "in_rows",
    "inert",
    "published_csv",
    "with_progress",
    "write_csv",
    "write_file",
    "write_published",
    "xlsx_response",
    "xlsx_stream",
]
