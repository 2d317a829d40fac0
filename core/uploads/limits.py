"""How large a file may be, in one place, and in words."""

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a table may hold at most; all but the first guard the memory of the reader."""

    file_bytes: int = 50 * MB
    rows: int = 200_000
    columns: int = 300
    cell_characters: int = 32_767
    record_characters: int = 1_000_000
    sheets: int = 100
    strings: int = 2_000_000
    string_bytes: int = 40 * MB
    formats: int = 65_490
    relations: int = 10_000
    directory_bytes: int = MB
    unpacked_bytes: int = 1024 * MB
    ratio: int = 200
    ratio_from: int = 50 * MB
    token_bytes: int = MB
    names: int = 2_000
    depth: int = 100
    notices: int = 100

    def in_words(self):
        """What people are told before they choose a file."""
        return (
            f"An Excel workbook (.xlsx) or a CSV file of at most {self.file_bytes // MB:,} MB, "
            f"{self.rows:,} rows and {self.columns:,} columns."
        )


LIMITS = Limits()
