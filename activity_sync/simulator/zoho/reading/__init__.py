"""GET routes over records: lists, single records, deleted ones, search, related lists."""
