"""How well the promise was kept, in figures: reads what the other rooms hold, changes nothing of theirs.

Terms: coverage board, legitimacy debt, waiting time, equality of treatment, small groups,
survey, results. `queries` reads the facts, `figures` counts them; `intervals` and `waiting` ask scipy and
statsmodels, which take seconds to load: they are loaded when first needed, in the thread that counts.
"""
