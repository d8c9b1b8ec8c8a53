"""Point at the chain of migrations, in a checkout or in the wheel; hold none itself.

The ORM's loader imports and reloads this package, so it has to exist as a real one: only its path moves.
"""

from civic import paths

__path__ = [str(paths.MIGRATIONS)]
