"""The participatory process: what is open, what is fixed and why, who decides, when.

Terms: participatory process, issue, phase, scope (room for influence), stakeholder map, calendar,
freeze, charter. Acts that narrow or end a process live in ``decisions`` and call this room's.
"""
