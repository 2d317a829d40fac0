"""The invented partnerships of the demonstration: told by their own people, through the actions.

Nothing here is random from one run to the next: the same day gives the same rows.
"""
