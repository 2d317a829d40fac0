"""Where the browser of the browser tests is."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "No Chromium was found, so no page was looked at in a browser. "
    "Install it (apt-get install chromium) or name one in CHROMIUM."
)


def path():
    """The program to run, or None where there is none."""
    for name in filter(None, [os.environ.get("CHROMIUM"), *NAMES]):
        if found := shutil.which(name):
            return found
    return None
