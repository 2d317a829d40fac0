"""Reads the mail that a demonstration site writes to files in place of sending it."""

import email
import re
from email import policy
from pathlib import Path

from django.conf import settings

# Django writes this line after each message; a message may hold it too, headers tell them apart.
RULE = re.compile(rb"\n-{79}\n(?=Content-Type: |\Z)")
MOST_FILES = 100


def letters():
    """Return the messages on file, newest first, as dictionaries."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [letter for file in files[:MOST_FILES] for letter in _letters_in(file)]


def _letters_in(file):
    parts = [part for part in RULE.split(file.read_bytes()) if part.strip()]
    found = [_letter(f"{file.stem}-{index}", part) for index, part in enumerate(parts)]
    return reversed(found)


def _letter(key, raw):
    message = email.message_from_bytes(raw.lstrip(), policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    sent = message["Date"]
    return {
        "key": key,
        "to": str(message["To"] or ""),
        "sender": str(message["From"] or ""),
        "subject": str(message["Subject"] or "No subject"),
        "sent_at": sent.datetime if sent else None,
        "text": body.get_content().strip() if body else "",
    }
