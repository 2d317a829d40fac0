"""What `make bench` measures: our work beside the least that the database could do."""
