"""The register: everything a person says to the public body, with one receipt each.

Terms: contribution, version, claim (shown as "point"), receipt, capacity, visibility, withdrawal.
Visibility is a fact of this room: hiding, restoring, withdrawing and confirming are its acts, and
every other door reads it. A whole-text claim opens in the submitting transaction.
"""
