"""What comes in from elsewhere and goes out for everyone: the grid, other imports and exports, the API.

Terms: grid, contribution, claim, outcome, reason, provision, milestone. Doors: ``grid`` (the format and
its dataclasses), ``grid_reading`` (a file in), ``grid_writing`` (a file out); none of the three knows
the database. ``operations`` declares the read API, ``shapes`` what it gives; neither holds a name of a
contributor. ``provenance`` writes a trace as PROV.
"""
