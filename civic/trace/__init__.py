"""What became of a contribution: reads everything, changes nothing. Terms: trace page, receipt."""
