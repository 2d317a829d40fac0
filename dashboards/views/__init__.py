"""Views of the pages that show more than one room, a file for each page."""
