"""What every door for machines shares. Parts are imported one by one: Django REST framework reads
some of them from the settings while its own views are still being loaded.
"""
