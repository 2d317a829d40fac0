"""Views of needs: the rating of a year, the list and the single need."""

from needs.views.need import close, need_detail, need_list, recompute
from needs.views.rating import agree, rate

__all__ = ["agree", "close", "need_detail", "need_list", "rate", "recompute"]
