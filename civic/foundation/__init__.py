"""What every room stands on and no civic word enters: database, clock, identifiers, queue, search, web, text."""
