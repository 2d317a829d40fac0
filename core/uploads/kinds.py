"""What a file is by its content; its name may say anything."""

import re

from core.uploads.table import NotReadable

HEAD = 65_536
WORKBOOK, TEXT = "workbook", "text"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SAVE_AS = "Save it as an Excel workbook (.xlsx) or as CSV, and send it again."
NOT_A_TABLE = "Send an Excel workbook (.xlsx) or a CSV file."
_MAGIC = (
    (b"%PDF", f"This is a PDF. {NOT_A_TABLE}"),
    (b"\x89PNG", f"This is a picture. {NOT_A_TABLE}"),
    (b"GIF8", f"This is a picture. {NOT_A_TABLE}"),
    (b"\xff\xd8\xff", f"This is a picture. {NOT_A_TABLE}"),
    (b"II*\0", f"This is a picture. {NOT_A_TABLE}"),
    (b"MM\0*", f"This is a picture. {NOT_A_TABLE}"),
    (b"RIFF", f"This is a picture, a film or a sound. {NOT_A_TABLE}"),
    (b"{\\rtf", f"This is a text document (.rtf). {NOT_A_TABLE}"),
    (b"\x1f\x8b", "This is a packed file (.gz). Unpack it, and send what is inside."),
    (b"\xfd7zXZ\0", "This is a packed file (.xz). Unpack it, and send what is inside."),
    (b"BZh", "This is a packed file (.bz2). Unpack it, and send what is inside."),
    (b"7z\xbc\xaf", "This is a packed file (.7z). Unpack it, and send what is inside."),
    (b"Rar!", "This is a packed file (.rar). Unpack it, and send what is inside."),
    (b"PK\x05\x06", "This is an empty archive. " + NOT_A_TABLE),
    (b"MZ", f"This is a program, not a table. {NOT_A_TABLE}"),
    (b"\x7fELF", f"This is a program, not a table. {NOT_A_TABLE}"),
    (b"SQLite format", f"This is a database. {NOT_A_TABLE}"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_MOST_CONTROLS = 0.05


def recognise(file):
    """Return WORKBOOK or TEXT, with the file at its start; refuse anything else by what it is."""
    head = file.read(HEAD)
    if not head.strip():
        raise NotReadable("The file is empty. Save it again, and look inside before you send it.")
    if head.startswith(OLE):
        raise NotReadable(_old_excel(head, file))
    for magic, sentence in _MAGIC:
        if head.startswith(magic):
            raise NotReadable(sentence)
    file.seek(0)
    return WORKBOOK if head.startswith(b"PK\x03\x04") else TEXT


def _old_excel(head, file):
    before = b""
    while head:
        if ENCRYPTED in before + head:
            return (
                "This workbook is protected by a password. Remove the password in Excel (File, "
                "Info, Protect Workbook), save it, and send it again."
            )
        before, head = head[-len(ENCRYPTED) :], file.read(HEAD)
    return f"This is an old Excel file (.xls) or an old Office document. {SAVE_AS}"


def check_text(sample):
    """Refuse decoded text that is a page, a data file of programs, or no text at all."""
    start = sample.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        lowered = start[:2000].lower()
        is_page = "<html" in lowered or "<!doctype html" in lowered or "<table" in lowered
        what = "a web page, whatever its name says" if is_page else "XML"
        raise NotReadable(f"This is {what}. Open it in Excel. {SAVE_AS}")
    if start[:1] in ("{", "["):
        raise NotReadable(f"This is JSON, a data file for programs. {NOT_A_TABLE}")
    found = len(_CONTROLS.findall(sample))
    if "\0" in sample or found > _MOST_CONTROLS * len(sample):
        raise NotReadable(f"This is no text, and no workbook either. {NOT_A_TABLE}")
