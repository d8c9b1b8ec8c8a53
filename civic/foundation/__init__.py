"""What every room stands on, without a civic word: database, clock, ids, queue, search, web, text."""
